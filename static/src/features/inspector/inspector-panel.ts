/** Everything that is known of one node at this step: a list of elements, the gradient's first. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { ErrorReport } from '../../core/contract'
import type { Theme } from '../../core/theme'
import type { ChosenElement, InspectedNode, NodeParts } from '../../page/node-parts'
import type { PageState } from '../../page/state'
import type { PageEvents } from '../../ui/events'
import { describeError } from '../../ui/outcome-card'
import { cards } from '../../ui/styles'
import type { Timeline } from '../../walk/model'
import { axesOf, PLAIN } from './axis-names'
import { type Facts, factsOf } from './node-facts'
import type { LoadTensor } from './tensor-card'
import { type Pair, pairsOf } from './tensor-pairs'
import './chain-cards'
import './facts-table'
import './node-heading'
import './node-tools'
import './update-card'

@customElement('gw-inspector')
export class InspectorPanel extends LitElement {
  @property({ attribute: false }) timeline: Timeline | null = null
  /** True if playing stops at the node. */
  @property({ type: Boolean }) stops = false
  /** From 0. */
  @property({ type: Number }) step = 0
  /** The id of the node to show. */
  @property({ attribute: false }) node: string | null = null
  /** True if the reader chose the node; else it is the current step's. */
  @property({ type: Boolean }) pinned = false
  @property() source = ''
  @property({ attribute: false }) error: ErrorReport | null = null
  @property() theme: Theme = 'light'
  @property({ attribute: false }) load: LoadTensor | null = null
  /** The parts that other features add to the account of the node; null without features. */
  @property({ attribute: false }) parts: NodeParts | null = null
  /** The state that those parts depend on: they are drawn again whenever it changes. */
  @property({ attribute: false }) state: PageState | null = null
  /** The element of the node that the reader wants explained. */
  @state() private chosen: ChosenElement | null = null
  private facts: Facts | null = null
  private pairs: readonly Pair[] = []

  static override styles = [
    cards,
    css`
      :host {
        display: block;
        padding: 14px 16px 20px;
      }

      .about {
        margin: 0;
        color: var(--muted);
        font-size: 13px;
      }

      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
      }

      /* also before its script has come */
      gw-explain {
        display: contents;
      }

      .error p {
        margin: 0;
        color: var(--error);
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .error p + p {
        margin-top: 4px;
        color: var(--ink);
        font-size: 13px;
        font-weight: 400;
      }
    `,
  ]

  protected override willUpdate(changed: PropertyValues<this>): void {
    const moved = changed.has('timeline') || changed.has('step') || changed.has('node') || changed.has('source')
    if (!moved) return
    if (changed.has('node')) this.chosen = null
    this.facts = this.timeline && this.node ? factsOf(this.timeline, this.step, this.node, this.source) : null
    this.pairs = this.facts ? pairsOf(this.facts) : []
  }

  override render() {
    const { facts } = this
    if (!facts) return html`<p class="about">Select a node, or step with → to see each one here.</p>`
    const graph = this.timeline?.graph ?? null
    const inspected: InspectedNode = { node: facts.node, chosen: this.chosen, short: this.short(facts) }
    return html`
      <gw-node-heading .facts=${facts} .pinned=${this.pinned}></gw-node-heading>
      <gw-node-tools .stops=${this.stops}></gw-node-tools>
      <div class="stack" @gw-element=${this.choose}>
        ${facts.node.failed ? this.failure() : nothing}
        ${this.parts ? this.parts.explanation(inspected) : inspected.short}
        ${this.parts?.sections(inspected)}
        <gw-facts .facts=${facts} .groups=${graph?.groups ?? []}></gw-facts>
        ${this.pairs.map((pair) => this.tensors(pair, facts))}
        ${facts.autograd.length > 0 ? html`<gw-saved .graph=${graph} .facts=${facts}></gw-saved>` : nothing}
      </div>
    `
  }

  protected override firstUpdated(): void {
    // what a tensor looks like up close is not needed for the first picture; without a network the facts still stand
    void import('./tensor-card').catch(() => undefined)
  }

  protected override updated(): void {
    // leaves have saved nothing, so that the script is needed with the first operation that is looked at
    if (this.facts?.autograd.length) void import('./saved-section').catch(() => undefined)
  }

  private short(facts: Facts) {
    const chained = facts.contributions.length > 1 || facts.passings.length > 0
    return html`${chained ? html`<gw-chain .facts=${facts}></gw-chain>` : nothing}
      ${facts.update ? html`<gw-update .done=${facts.update}></gw-update>` : nothing}`
  }

  private choose = (e: CustomEvent<PageEvents['gw-element']>): void => {
    this.chosen = e.detail
  }

  private failure() {
    if (!this.error) return nothing
    return html`<section class="card error"><h3>Failed here</h3><p>${describeError(this.error)}</p>
      ${this.error.hint ? html`<p>${this.error.hint}</p>` : nothing}</section>`
  }

  private tensors(pair: Pair, { node, label }: Facts) {
    const graph = this.timeline?.graph
    return html`<gw-tensor-card .pair=${pair} .owner=${node.name ?? label} .theme=${this.theme} .load=${this.load} ?explains=${this.parts?.explains ?? false}
      .axes=${graph ? axesOf(graph, node.id) : PLAIN} .graph=${graph ?? null} .node=${node.id} .source=${this.source}></gw-tensor-card>`
  }
}
