/**
 * The graph as text: every node under the headings of its groups, with its numbers at this step. What is closed is not drawn, and no
 * group shows more than can be read at once: so it opens in a moment, however long the program ran.
 */

import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Finding } from '../../core/contract'
import { dialogs } from '../../ui/dialog-styles'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import { at as findingsAt, inWords } from '../../walk/finding'
import type { Frame, Timeline } from '../../walk/model'
import { narrate } from '../../walk/sentences'
import { frameAt } from '../../walk/timeline'
import { type Entry, entryOf, type Said } from './reading-entry'
import { outlineOf, type Part, titleOf, waysTo } from './reading-outline'
import { reading } from './reading-styles'

/** A graph of so few nodes is read as a whole; of a larger one the group of this step is open. */
const READ_AS_A_WHOLE = 60
/** More than these take a while to draw, and nobody reads them from top to bottom. */
const OPENED_AT_ONCE = 1000

@customElement('gw-reading')
export class ReadingDialog extends LitElement {
  @property({ attribute: false }) timeline: Timeline | null = null
  @property({ attribute: false }) step = 0
  @property({ attribute: false }) findings: readonly Finding[] = []
  /** Ids of the open groups. */
  @state() private open: ReadonlySet<string> = new Set()
  /** While it is closed nothing is drawn. */
  @state() private shown = false
  @query('dialog') private dialog!: HTMLDialogElement

  static override styles = [controls, dialogs, reading]

  /** Opens the text at the node of this step. */
  async show(): Promise<void> {
    if (this.dialog.open || this.timeline === null) return
    this.shown = true
    this.begin(this.timeline)
    await this.updateComplete
    this.dialog.showModal()
    this.goTo(this.active)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.shown || this.timeline === null) return
    // another program, or an iteration that ran differently
    if (changed.has('timeline') && changed.get('timeline')?.graph !== this.timeline.graph) this.begin(this.timeline)
    else if (changed.has('step') || changed.has('timeline')) this.openTo(this.active)
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.shown && (changed.has('step') || changed.has('timeline')))
      this.entry(this.active)?.scrollIntoView({ block: 'nearest' })
  }

  override render() {
    const { timeline, step } = this
    return html`<dialog aria-labelledby="title" @close=${this.onClose}>${
      timeline === null || !this.shown ? html`<h2 id="title" hidden>The graph as text</h2>` : this.page(timeline, step)
    }</dialog>`
  }

  private page(timeline: Timeline, step: number) {
    const { graph, steps } = timeline
    const frame = frameAt(timeline, step, 1)
    const { folds, whole } = outlineOf(graph)
    const all = folds.folds.size > 0 && graph.nodes.length <= OPENED_AT_ONCE
    return html`<div class="top">
        <header role="none"><h2 id="title">The graph as text</h2>
          <form method="dialog"><button class="button">Close</button></form></header>
        <div class="bar">
          <button class="button" ?disabled=${step <= 0} @click=${() => this.seek(step - 1)}>Previous step</button>
          <button class="button" ?disabled=${step >= steps.length - 1} @click=${() => this.seek(step + 1)}>Next step</button>
          <button class="button" @click=${() => this.goTo(this.active)}>To this step’s node</button>
          ${all ? html`<button class="button" @click=${() => this.openAll([...folds.folds.keys()])}>Open all groups</button>` : nothing}
          <span class="muted">${graph.nodes.length.toLocaleString('en')} ${graph.nodes.length === 1 ? 'node' : 'nodes'}</span>
        </div>
        <p class="now" role="status">${narrate(timeline, step).text}</p>
      </div>
      <div class="text">${this.list(whole, timeline, frame, 3)}</div>`
  }

  private list(part: Part, timeline: Timeline, frame: Frame, level: number): unknown {
    return html`<ol role="list">${part.children.map((child) => {
      if (typeof child !== 'string') return html`<li>${this.group(child, timeline, frame, level)}</li>`
      const entry = entryOf(timeline, frame, child)
      return entry === null ? nothing : this.node(entry)
    })}</ol>`
  }

  private group(part: Part, timeline: Timeline, frame: Frame, level: number) {
    const { fold } = part
    if (fold === null) return nothing
    const open = this.open.has(fold.id)
    const here = !open && waysTo(outlineOf(timeline.graph), frame.active).includes(fold.id)
    return html`<div role="heading" aria-level=${level}><button class="fold" aria-expanded=${open} @click=${() => this.toggle(fold.id)}
      ><span aria-hidden="true">${open ? '▾' : '▸'}</span>${titleOf(fold)}${here ? ': this step is in it' : ''}</button></div>
      ${open ? this.list(part, timeline, frame, level + 1) : nothing}`
  }

  private node(entry: Entry) {
    const { id, label, operation, steps, kept, update } = entry
    const name = label === operation ? operation : `${operation} ${label}`
    const go = (step: number | null, what: string) =>
      step === null || step === this.step
        ? nothing
        : html`<button class="button" aria-label="Go to step ${step + 1}, ${what} of ${name}" @click=${() => this.seek(step)}
          >Go to step ${step + 1}, ${what}</button>`
    return html`<li class="node" data-entry=${id} tabindex="-1" aria-current=${entry.here ? 'step' : nothing}>
      <p class="what"><b>${operation}${label === operation ? '' : `, ${label}`}</b>
        ${entry.line === null ? nothing : html`<span class="muted">line ${entry.line}</span>`}
        ${entry.fails ? html`<span class="fails">fails here</span>` : nothing}
        ${entry.here ? html`<span>this step</span>` : nothing}</p>
      ${findingsAt(this.findings, this.timeline?.graph.id ?? -1, id).map((one) => html`<p class=${one.severity}>${inWords(one)}</p>`)}
      ${entry.takes.length === 0 ? nothing : html`<p>Takes ${this.taken(entry)}.</p>`}
      <p>${said(entry.value, 'value')} ${update === null ? nothing : said(update, 'update')}</p>
      <p>${said(entry.gradient, 'gradient')}${kept === null ? nothing : html` <span class="gradient">Kept in .grad: ${kept}.</span>`}</p>
      <div class="ways">${go(steps.value, 'value')}${go(steps.gradient, 'gradient')}
        <button class="button" aria-label="Select ${name}" @click=${() => this.select(id)}>Select</button></div></li>`
  }

  private taken({ takes }: Entry) {
    const last = takes.length - 1
    return takes.map(
      ({ id, label }, i) =>
        html`${i === 0 ? '' : i === last ? ' and ' : ', '}<button class="link" @click=${() => this.goTo(id)}>${label}</button>`,
    )
  }

  private get active(): string {
    return this.timeline?.steps[this.step]?.node ?? ''
  }

  private begin({ graph }: Timeline): void {
    const { folds } = outlineOf(graph)
    this.open = new Set(graph.nodes.length <= READ_AS_A_WHOLE ? folds.folds.keys() : [])
    this.openTo(this.active)
  }

  private openTo(node: string): void {
    if (this.timeline === null) return
    const way = waysTo(outlineOf(this.timeline.graph), node)
    if (way.some((fold) => !this.open.has(fold))) this.open = new Set([...this.open, ...way])
  }

  private openAll(folds: readonly string[]): void {
    this.open = new Set(folds)
  }

  private toggle(fold: string): void {
    const open = new Set(this.open)
    if (!open.delete(fold)) open.add(fold)
    this.open = open
  }

  /** Brings a node's entry into view and gives it the focus, so that it is read next. */
  private goTo(node: string): void {
    this.openTo(node)
    void this.updateComplete.then(() => {
      const entry = this.entry(node)
      entry?.focus({ preventScroll: true })
      entry?.scrollIntoView({ block: 'center' })
    })
  }

  private entry(node: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-entry="${CSS.escape(node)}"]`)
  }

  private seek(step: number): void {
    send(this, 'gw-seek', { step })
  }

  private select(node: string): void {
    this.dialog.close()
    send(this, 'gw-select', { node })
  }

  private onClose = () => {
    this.shown = false
  }
}

function said({ text, step }: Said, kind: 'value' | 'gradient' | 'update') {
  const none = step !== null || text.startsWith('No ')
  return html`<span class=${none ? 'muted' : kind}>${text}</span>`
}
