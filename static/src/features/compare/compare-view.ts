/** Two runs of a comparison beside each other: the same graph twice, looked at alike, with what is different written at it. */

import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Iteration, Node } from '../../core/contract'
import type { Theme } from '../../core/theme'
import type { Sight } from '../../stage/camera'
import { UNDECORATED } from '../../stage/decorations'
import type { Pairing } from '../../stage/pairing'
import type { PictureWords } from '../../stage/picture'
import { sizesWithBadges } from '../../stage/program/badge-layout'
import type { Stage } from '../../stage/stage'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import type { Frame, Run, Timeline } from '../../walk/model'
import '../../stage/stage'
import '../../stage/narrator'
import { Measured } from '../../ui/element-size'
import './change-list'
import { viewStyles } from './compare-view-styles'
import type { ComparedRun } from './compared-run'
import { DifferenceMarks, presencesIn } from './difference-marks'
import { Pair } from './run-pair'
import { missing, remarksOn, stillText } from './run-remarks'
import { type Split, splitFor } from './split-view'
import { sentencesOf } from './step-sentences'

const NONE: ReadonlySet<string> = new Set()

@customElement('gw-compare')
export class CompareView extends LitElement {
  @property({ attribute: false }) comparedRun: ComparedRun | null = null
  /** The timeline of the first run, in the common graph. */
  @property({ attribute: false }) timeline: Timeline | null = null
  @property({ attribute: false }) frame: Frame | null = null
  @property({ attribute: false }) selected: string | null = null
  @property({ attribute: false }) loss: string | null = null
  @property() theme: Theme = 'light'
  /** True while the steps play. */
  @property({ type: Boolean }) playing = false
  /** The open folds; null: as many as can be read. */
  @property({ attribute: false }) open: readonly string[] | null = null
  @state() private changes = false
  @query('gw-stage.a') private a!: Stage | null
  @query('gw-stage.b') private b!: Stage | null
  private readonly place: Measured = new Measured(this, (): Element => this.renderRoot.querySelector('.stages') ?? this)
  private pair: Pair | null = null
  private marks: Record<Run, DifferenceMarks> | null = null
  private pairings: Record<Run, Pairing> | null = null
  private split: Split | null = null
  private splitOf = ''

  static override styles = [controls, viewStyles]

  protected override willUpdate(changed: PropertyValues<this>): void {
    const beside = this.comparedRun?.beside(this.timeline?.iteration ?? null) ?? null
    if (this.timeline && beside && this.pair?.beside !== beside) this.take(new Pair(this.timeline, beside))
    if (this.timeline && this.comparedRun)
      this.pair?.observe(this.timeline, this.comparedRun.observationsBeside(this.timeline.iteration))
    if (changed.has('comparedRun')) this.changes = false
    if (this.pair === null) return
    const { width, height } = this.place
    const known = `${width}×${height} ${this.pair.beside.union.graph.id} ${this.comparedRun?.id}`
    if (width > 0 && known !== this.splitOf) {
      this.split = this.splitAt({ width, height }, this.pair)
      this.splitOf = known
      this.pairings = null
    }
    if (this.split && this.pairings === null) this.pairings = this.pairingsAt(this.split.width, this.pair)
  }

  override render() {
    const { comparedRun, pair } = this
    if (comparedRun === null || pair === null) return nothing
    const remarks = remarksOn(comparedRun, pair.beside)
    return html`<header role="none">
        <div class="remarks">${remarks.map((text) => html`<span>${text}</span>`)}${
          remarks.length === 0
            ? html`<span class="muted">Yellow is B − A; “=” is identical to the last bit.</span>`
            : nothing
        }</div>
        <button class="button" aria-expanded=${this.changes} @click=${() => (this.changes = !this.changes)}>Changes</button>
        <button class="button" title="The other run on the left" @click=${() => this.swap()}>Swap</button>
        <button class="button" title="Only the first run again (Esc)"
          @click=${() => send(this, 'gw-compare', { other: null })}>End comparison</button>
        ${this.changes ? html`<gw-changes .from=${comparedRun.first.program.source} .to=${comparedRun.head.program.source}></gw-changes>` : nothing}
      </header>
      <div class="stages ${this.split?.way ?? ''}" @gw-sight=${this.onSight} @gw-fit=${() => this.a?.fit()}
        @gw-toggle=${(e: CustomEvent<{ fold: string }>) => this.a?.toggle(e.detail.fold)}>
        ${this.split ? [this.half('A', pair), this.half('B', pair)] : nothing}
      </div>
      ${this.sentences(pair)}`
  }

  /** The first stage obeys the keys of the page; the second one follows it. */
  fit(): void {
    this.a?.fit()
  }

  zoomBy(factor: number): void {
    this.a?.zoomBy(factor)
  }

  toggleAll(): void {
    this.a?.toggleAll()
  }

  reveal(node: string): void {
    this.a?.reveal(node)
  }

  membersAround(node: string): ReadonlySet<string> {
    return this.a?.membersAround(node) ?? new Set()
  }

  /** Return the picture of the first drawing. */
  async picture(theme: Theme, words: PictureWords): Promise<string | null> {
    return (await this.a?.picture(theme, words)) ?? null
  }

  private take(pair: Pair): void {
    this.pair = pair
    this.pairings = null
    const { union, body } = pair.beside
    // without numbers there is nothing to hold against each other
    const only = body.steps.length === 0 ? { a: NONE, b: NONE } : union.only
    const marks = (run: Run) => new DifferenceMarks(run, { graph: union.graph, only })
    this.marks = { A: marks('A'), B: marks('B') }
  }

  private splitAt(place: { width: number; height: number }, { folds, shapes, beside }: Pair): Split {
    const presences = presencesIn('A', beside.union)
    return splitFor(folds, place, (view) => sizesWithBadges(view, shapes, presences), this.failed('A'))
  }

  /** Return what the stages share: both are as wide as `width`. */
  private pairingsAt(width: number, { shapes, beside }: Pair): Record<Run, Pairing> {
    const { graph, own } = beside.union
    const pairing = (nodes: ReadonlyMap<string, Node>) => ({
      shapes,
      width,
      nodes: new Map(graph.nodes.map((node) => [node.id, nodes.get(node.id) ?? { ...node, failed: false }])),
    })
    return { A: pairing(own.a), B: pairing(own.b) }
  }

  private half(run: Run, pair: Pair) {
    const { comparedRun, frame } = this
    const label = run === 'A' ? comparedRun?.labels.a : comparedRun?.labels.b
    const gone = run === 'B' && comparedRun ? missing(comparedRun.head, pair.beside.trouble) : null
    const lone = frame && pair.loneAt(frame.step)
    const still = lone && lone.run !== run ? `${run} ${stillText(lone)}` : ''
    return html`<section class="half" aria-label="${run}: ${label}">
      <h3><b>${run}</b> · ${label} <span class="still">${still}</span></h3>
      ${gone ? html`<p class="gone">${gone}</p>` : this.stage(run, pair)}
    </section>`
  }

  private stage(run: Run, pair: Pair) {
    const { frame } = this
    if (frame === null) return nothing
    const other = pair.frameBeside(frame)
    // of another iteration nothing is compared
    const decorations = this.marks?.[run].decorations(frame, pair.beside.over ? null : other) ?? UNDECORATED
    const own: [Iteration, Frame] =
      run === 'A' ? [pair.first.iteration, atRest(frame)] : [pair.beside.body, atRest(other)]
    return html`<gw-stage
      class=${run.toLowerCase()}
      bare
      ?guided=${run === 'B'}
      .graph=${pair.beside.union.graph}
      .iteration=${own[0]}
      .frame=${own[1]}
      .pairing=${this.pairings?.[run] ?? null}
      .decorations=${decorations}
      .selected=${this.selected}
      .failed=${this.failed(run)}
      .loss=${this.loss}
      .theme=${this.theme}
      .open=${this.open ?? this.split?.open ?? []}
    ></gw-stage>`
  }

  private failed(run: Run): string | null {
    const { comparedRun, pair } = this
    if (run === 'A') return comparedRun?.first.outcome.error?.node ?? null
    return pair?.beside.union.nodes.get(comparedRun?.head.outcome.error?.node ?? '') ?? null
  }

  private sentences(pair: Pair) {
    const step = this.frame?.step ?? 0
    const { first, second, text } = sentencesOf(pair.first, pair.other, step, pair.loneAt(step), pair.beside.over)
    return html`<div class="sentences">
      <gw-narration .parts=${first} .text=${text} .playing=${this.playing} .phase=${this.frame?.phase ?? 'forward'}></gw-narration>
      <gw-narration .parts=${second} .phase=${this.frame?.phase ?? 'forward'}></gw-narration>
    </div>`
  }

  private swap(): void {
    const { comparedRun } = this
    if (comparedRun) send(this, 'gw-swap', { first: comparedRun.id, other: comparedRun.first.id })
  }

  /** The two cameras are one. */
  private onSight = (event: CustomEvent<Sight>) => {
    const other = event.target === this.a ? this.b : this.a
    other?.look(event.detail)
  }
}

/** Two drawings have no room for what has travelled: it is written at the cards where it arrived. */
function atRest(frame: Frame): Frame {
  return frame.progress < 1 ? frame : { ...frame, travels: [] }
}
