/** The graph as text, as a page has it: the button that a reader of the page meets after the graph, and the dialog, loaded when it is asked for. */

import { html, type LitElement, nothing, type TemplateResult } from 'lit'
import type { Store } from '../../core/store'
import type { PageState } from '../../page/state'
import type { Walk } from '../../page/walk'
import { send } from '../../ui/events'
import type { ReadingDialog } from './reading-dialog'

const LOST =
  'The graph as text could not be loaded: the server cannot be reached. The picture still works; ask again when the server is back.'
const NONE = 'There is nothing to read yet: the program must have made a tensor.'

export class Reading {
  private asked = false

  /** `select`: what the page does with a node that is chosen in the text. */
  constructor(
    private readonly host: LitElement,
    private readonly store: Store<PageState>,
    private readonly walk: Walk,
    private readonly select: (node: string | null) => void,
  ) {}

  async show(): Promise<void> {
    if (this.walk.timeline === null) return this.say('info', NONE)
    try {
      await import('./reading-dialog')
    } catch {
      return this.say('error', LOST)
    }
    this.asked = true
    this.host.requestUpdate()
    await this.host.updateComplete
    await this.host.renderRoot.querySelector<ReadingDialog>('gw-reading')?.show()
  }

  dialog(): TemplateResult | typeof nothing {
    if (!this.asked) return nothing
    return html`<gw-reading .timeline=${this.walk.timeline} .step=${this.store.state.step} .findings=${this.store.state.findings}
      @gw-seek=${(e: CustomEvent<{ step: number }>) => this.walk.player.seek(e.detail.step)}
      @gw-select=${(e: CustomEvent<{ node: string | null }>) => this.select(e.detail.node)}></gw-reading>`
  }

  private say(kind: 'info' | 'error', text: string): void {
    this.store.update({ notice: { kind, text } })
  }
}

/** Seen while it has the focus; whoever uses a pointer finds the text in the list of all keys. */
export const asText = html`<button class="button as-text" aria-keyshortcuts="A"
  @click=${(e: Event) => send(e.currentTarget as EventTarget, 'gw-action', { action: 'read' })}>Read the graph as text</button>`
