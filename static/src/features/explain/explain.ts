/** Where explanations stand in the inspector: around the short cards, which are there at once and stay when no explanation comes. */

import { html, type LitElement } from 'lit'
import type { Client } from '../../api/client'
import type { Store } from '../../core/store'
import type { PageState } from '../../page/state'
import type { Walk } from '../../page/walk'
import type { InspectorPanel } from '../inspector/inspector-panel'
import type { ExplainView } from './explain-view'
import { Explanations, type Where } from './explanations'
import type { Explain } from './occasion'

const NOTHING =
  'There is no gradient to check in the inspector: go to a backward step, or select a node that its gradient has reached.'

export class Explaining {
  private readonly explanations: Explanations
  private where: Where | null = null

  constructor(
    client: Client,
    private readonly store: Store<PageState>,
    private readonly walk: Walk,
  ) {
    this.explanations = new Explanations(client)
  }

  readonly place: Explain = (node, chosen, short) => {
    void import('./explain-view').catch(() => undefined)
    return html`<gw-explain .explanations=${this.explanations} .where=${this.here()} .timeline=${this.walk.timeline}
      .step=${this.store.state.step} .node=${node} .chosen=${chosen}>${short}</gw-explain>`
  }

  /** Checks the gradient on show in the inspector of `page`. */
  check(page: LitElement): void {
    const inspector = page.renderRoot.querySelector<InspectorPanel>('gw-inspector')
    const view = inspector?.renderRoot.querySelector<ExplainView>('gw-explain')
    // before its script has come, it has nothing to show either
    if (!view?.check?.()) this.store.update({ notice: { kind: 'info', text: NOTHING } })
  }

  /** Null where the graph is that of two runs, which the server does not know. */
  private here(): Where | null {
    const { head, body, comparedRun } = this.store.state
    if (head === null || body === null || comparedRun !== null) return null
    if (this.where?.id !== head.id || this.where.iteration !== body.index)
      this.where = { id: head.id, iteration: body.index }
    return this.where
  }
}
