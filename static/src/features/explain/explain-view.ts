/** The explanation of a node's number at this step: a page with its formulas. Slotted content stands there until it is loaded. */

import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { AnyExplanation, Explanation, NodeExplanation, UpdateExplanation } from '../../core/contract'
import { labelOf } from '../../core/labels'
import type { ChosenElement } from '../../page/node-parts'
import { send } from '../../ui/events'
import { cards, controls } from '../../ui/styles'
import type { Timeline } from '../../walk/model'
import { chainPage } from './chain-page'
import './check-card'
import type { CheckCard } from './check-card'
import type { Page } from './explain-page'
import { page } from './explain-styles'
import { type AtEdges, type Explanations, FIRST_EDGES, isMissing, pathsOfEdges, type Where } from './explanations'
import { gradientPage } from './gradient-page'
import type { Offer } from './measure-button'
import { Measuring } from './measurements'
import { measurementPath, type Occasion, occasionOf } from './occasion'
import { updatePage, valuePage } from './value-page'

/** Milliseconds that a step must rest before its explanation is asked for: keys that are held pass many. */
const REST = 70
const NO_EDGES: AtEdges = new Map()

@customElement('gw-explain')
export class ExplainView extends LitElement {
  @property({ attribute: false }) explanations: Explanations | null = null
  @property({ attribute: false }) where: Where | null = null
  @property({ attribute: false }) timeline: Timeline | null = null
  /** From 0. */
  @property({ type: Number }) step = 0
  @property() node = ''
  @property({ attribute: false }) chosen: ChosenElement | null = null
  @state() private atEdges: AtEdges = NO_EDGES
  @state() private most = FIRST_EDGES
  private readonly measuring = new Measuring(this)
  private occasion: Occasion | null = null
  /** The state of the explanations when they were rendered. */
  private drawn = ''
  private rest: ReturnType<typeof setTimeout> | undefined
  /** The last explanations of this occasion: they stay while another element is fetched. */
  private told: { subject: string; by: Map<string, AnyExplanation> } = { subject: '', by: new Map() }

  static override styles = [controls, cards, page]

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.rest)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { timeline, where, node, step, chosen } = this
    this.occasion = timeline && where ? occasionOf(timeline, step, node, chosen) : null
    const elsewhere = changed.has('node') || changed.has('step') || changed.has('where')
    if (elsewhere || changed.has('chosen')) this.measuring.leave()
    if (elsewhere) {
      this.atEdges = NO_EDGES
      this.most = FIRST_EDGES
    }
    const subject = `${where?.id} ${where?.iteration} ${node} ${this.occasion?.what} ${this.occasion?.pass}`
    if (this.told.subject !== subject) this.told = { subject, by: new Map() }
  }

  override render() {
    const { occasion, where, explanations } = this
    if (occasion === null || where === null || explanations === null) return html`<slot></slot>`
    const main = this.tell('node', occasion.path)
    if (main === null) return html`<slot></slot>`
    if (typeof main === 'string') return html`<slot></slot><p class="note plain">${main}</p>`
    if (occasion.what === 'value') return valuePage(main as NodeExplanation, this.page)
    if (occasion.what === 'update') return updatePage(main as UpdateExplanation, this.page)
    const edges = this.edges().map(({ edge, path }) => ({ edge, told: this.tell(edge, path) }))
    if (edges.some(({ told }) => told === null)) return html`<slot></slot>`
    const ways = edges.map(({ edge, told }) =>
      typeof told === 'string' ? this.untold(edge, told) : this.way(edge, told as Explanation),
    )
    const sum = gradientPage(main as NodeExplanation, this.page)
    // what a leaf got along one edge is derived first; several ways are added up before each is looked at
    const derived = occasion.fromNode && occasion.edges.length === 1
    return html`${derived ? [ways, sum] : [sum, ways]}${this.more(occasion)}`
  }

  protected override updated(): void {
    const { occasion, where, timeline, explanations } = this
    clearTimeout(this.rest)
    if (occasion === null || where === null || timeline === null || explanations === null) return
    this.drawn = this.readiness(occasion)
    const known = explanations.at(where, occasion.path) !== null
    this.rest = setTimeout(() => void this.load(occasion), known ? 0 : REST)
  }

  /** This occasion's explanation, then those of the steps beside it, so that a walk never waits. */
  private async load(occasion: Occasion): Promise<void> {
    const { where, timeline, explanations, step, atEdges, most } = this
    if (where === null || timeline === null || explanations === null) return
    await explanations.load(where, timeline, occasion, atEdges, most)
    // it may have come between the drawing and the asking, for the step before asked for it too
    if (this.occasion === occasion && this.drawn !== this.readiness(occasion)) this.requestUpdate()
    for (const beside of [step + 1, step - 1]) {
      const node = timeline.steps[beside]?.node
      const next = node === undefined ? null : occasionOf(timeline, beside, node, null)
      if (next !== null) await explanations.load(where, timeline, next, NO_EDGES)
    }
  }

  /** Return which explanations of the occasion are loaded, as one text: it changes with every answer. */
  private readiness({ path }: Occasion): string {
    const { explanations, where } = this
    if (explanations === null || where === null) return ''
    const known = (one: string) => (explanations.at(where, one) === null ? '0' : '1')
    return [path, ...this.edges().map((edge) => edge.path)].map(known).join('')
  }

  private edges() {
    const { explanations, where, timeline, occasion, atEdges, most } = this
    if (explanations === null || where === null || timeline === null || occasion === null) return []
    return pathsOfEdges(explanations, where, timeline, occasion, atEdges).slice(0, most)
  }

  /** Return the explanation at a path, or the reason why there is none; while it is fetched, the one before; else null. */
  private tell(key: string, path: string): AnyExplanation | string | null {
    const told = this.where && this.explanations ? this.explanations.at(this.where, path) : null
    if (told === null) return this.told.by.get(key) ?? null
    if (isMissing(told)) return told.missing
    this.told.by.set(key, told)
    return told
  }

  /** Check the gradient on show; return whether there is one. */
  check(): boolean {
    const card = this.renderRoot.querySelector<CheckCard>('gw-check')
    void card?.check()
    return card !== null
  }

  private checkOf({ node, output, element, pass }: NodeExplanation) {
    const { where, explanations } = this
    if (where === null || explanations === null || pass === null || element === null) return nothing
    const key = `${where.id} ${where.iteration} ${node} ${output} ${pass} ${element}`
    const ask = (signal: AbortSignal) => explanations.check(where, { node, output, element, pass }, signal)
    return html`<gw-check .subject=${key} .ask=${ask}></gw-check>`
  }

  private way(edge: string, told: Explanation) {
    const ends = this.timeline?.edges.get(edge)
    const choose = (index: readonly number[]) => {
      this.measuring.leave()
      this.atEdges = new Map([...this.atEdges, [edge, index]])
    }
    const { offer, shown } = this.measured(told)
    return chainPage(shown, { ...this.page, choose }, ends?.source ?? '', this.occasion?.fromNode ?? false, offer)
  }

  private untold(edge: string, why: string) {
    const ends = this.timeline?.edges.get(edge)
    return html`<section class="card"><h3>Passed on to ${this.page.label(ends?.source ?? '')}</h3>
      <p class="words">${why}</p></section>`
  }

  /** Return the explanation that a card shows, with the measurement where there is one, and the offer to measure. */
  private measured(told: Explanation): { shown: Explanation; offer: Offer | null } {
    const { where, explanations, measuring } = this
    if (!told.measurable || where === null || explanations === null) return { shown: told, offer: null }
    const path = measurementPath(told)
    const found = explanations.at<Explanation>(where, path)
    const press = () => void measuring.press(path, (signal) => explanations.measure(where, path, signal))
    return { shown: found === null || isMissing(found) ? told : found, offer: { ...measuring.at(path), press } }
  }

  private more({ edges }: Occasion) {
    const left = edges.length - this.most
    if (left <= 0) return nothing
    const open = () => {
      this.most += 2 * FIRST_EDGES
    }
    return html`<div class="from"><button class="node" @click=${open}>Show more of ${left} other ways</button></div>`
  }

  private get page(): Page {
    const { timeline, node } = this
    return {
      label: (id) => (timeline ? labelOf(timeline.graph, id) : id),
      node,
      target: (edge) => timeline?.edges.get(edge)?.target ?? '',
      check: (told) => this.checkOf(told),
      select: (id) => send(this, 'gw-select', { node: id }),
      choose: (index) => {
        const output = Number(/output=(\d+)/.exec(this.occasion?.path ?? '')?.[1] ?? 0)
        send(this, 'gw-element', { output, index })
      },
    }
  }
}
