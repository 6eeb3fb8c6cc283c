/** A slider of iterations with the loss curve over it, the loss, and the way to the training over time. */

import { css, html, LitElement, nothing, type PropertyValues, svg } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { IterationSummary } from '../core/contract'
import { isEvaluation, iterationCount, iterationNumber, iterationPlace, turnText } from '../core/iteration-names'
import { formatNumber } from '../core/numbers'
import { gapText, type RecordingGap } from '../core/recording-gaps'
import { type Axis, axisFor } from '../ui/chart/axis'
import { type Box, curvePath, markAt, marksPath, xOf, yOf } from '../ui/chart/curve'
import { finite, isNumber, type Series, seriesOf } from '../ui/chart/series'
import { send } from '../ui/events'

/** Pixels. The curve ends where the middle of the slider's thumb does. */
const SIZE = { width: 230, height: 26 }
const BOX: Box = { left: 8, top: 3, width: SIZE.width - 16, height: SIZE.height - 6 }

@customElement('gw-iterations')
export class IterationSlider extends LitElement {
  @property({ attribute: false }) iterations: readonly IterationSummary[] = []
  /** Where turns between two iterations are missing. */
  @property({ attribute: false }) gaps: readonly RecordingGap[] = []
  /** From 0. */
  @property({ attribute: false }) iteration = 0
  /** True if the training over time is on show; null: this page has no training. */
  @property({ attribute: false }) training: boolean | null = false
  private losses: Series = []
  private axis: Axis | null = null
  private path = ''
  private evaluations = ''

  static override styles = css`
    :host {
      display: flex;
      align-items: center;
      gap: 14px;
    }
    .numbers {
      width: 230px;
      text-align: right;
    }
    svg {
      display: block;
      width: 100%;
      height: 26px;
      overflow: visible;
    }
    path {
      fill: none;
      stroke: var(--muted);
      stroke-width: 1.5;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    circle {
      fill: var(--ink);
    }
    input {
      width: 100%;
      margin: 0;
      accent-color: var(--ink);
    }
    .loss-number {
      font-weight: 650;
    }
    .where,
    .turn {
      color: var(--muted);
    }
    .turn {
      overflow: hidden;
      white-space: nowrap;
      text-overflow: ellipsis;
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: 0 12px;
    }
    @media (max-width: 480px) {
      .numbers {
        width: 190px;
      }
    }
    .evaluations {
      stroke: var(--line-strong);
    }
    .evaluation {
      stroke: var(--ink);
      stroke-width: 3;
    }
    .gap {
      stroke: var(--line-strong);
      stroke-width: 1.5;
      stroke-dasharray: 3 2;
    }
    button {
      height: 34px;
      padding: 0 12px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--card);
      color: var(--ink);
      font: inherit;
      cursor: pointer;
    }
    button:hover,
    button[aria-expanded='true'] {
      background: var(--hover);
    }
    button[aria-expanded='true'] {
      border-color: var(--line-strong);
    }
    input:focus-visible,
    button:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
  `

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('iterations')) return
    const losses = this.iterations.map((one) => (isEvaluation(one) ? null : one.loss))
    this.losses = seriesOf(losses, losses.length)
    this.axis = axisFor(finite(this.losses))
    const evaluations = this.iterations.map(isEvaluation)
    this.path = this.axis ? curvePath(this.losses, this.axis, BOX, evaluations) : ''
    this.evaluations = marksPath(evaluations, BOX)
  }

  override render() {
    const summary = this.iterations[this.iteration]
    if (summary === undefined) return nothing
    const many = this.iterations.length > 1
    return html`
      ${many && this.training !== null ? this.trainingButton() : nothing}
      <div class="numbers">
        ${many ? this.slider() : nothing}
        ${turnText(summary) === '' ? this.place(summary) : this.placeInLoops(summary)}
      </div>
    `
  }

  private place(summary: IterationSummary) {
    return html`<div class="where">${iterationCount(this.iterations, this.iteration)}</div>
      <div>${this.loss(summary)}</div>`
  }

  /** As high as without turns: the loss stands beside the number. */
  private placeInLoops(summary: IterationSummary) {
    const turn = turnText(summary)
    return html`<div class="row"><span class="where">${iterationCount(this.iterations, this.iteration)}</span> ${this.loss(summary)}</div>
      <div class="turn" title=${turn}>${turn}</div>`
  }

  private loss({ loss }: IterationSummary) {
    return loss === null ? nothing : html`<span>loss <span class="loss-number">${formatNumber(loss)}</span></span>`
  }

  private trainingButton() {
    return html`<button aria-expanded=${this.training} title="Training over time (T)"
      @click=${() => send(this, 'gw-action', { action: 'training' })}>Training</button>`
  }

  private slider() {
    const { axis, losses, iteration } = this
    const loss = losses[iteration]
    const scale = axis?.kind === 'log' ? ', on a logarithmic scale' : ''
    const evaluations = this.evaluations === '' ? '' : ', with a mark at each evaluation'
    const missing = this.gaps.map((gap) => `, ${gapText(gap)} before ${iterationNumber(gap.before)}`).join('')
    return html`
      <svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="Loss of each iteration${scale}${evaluations}${missing}">
        ${this.gaps.map((gap) => this.gapLine(gap))}
        ${svg`<path d=${this.path}></path><path class="evaluations" d=${this.evaluations}></path>`}
        ${isEvaluation(this.iterations[iteration]) ? svg`<path class="evaluation" d=${markAt(iteration, losses.length, BOX)}></path>` : nothing}
        ${
          axis && isNumber(loss)
            ? svg`<circle r="3.5" cx=${xOf(iteration, losses.length, BOX)} cy=${yOf(loss, axis, BOX)}></circle>`
            : nothing
        }
      </svg>
      <input type="range" min="0" max=${losses.length - 1} .value=${String(iteration)} @input=${this.scrub}
        @pointerup=${this.release} aria-label="Iteration" aria-valuetext=${iterationPlace(this.iterations, iteration)} />
    `
  }

  private gapLine(gap: RecordingGap) {
    const count = this.losses.length
    const x = (xOf(gap.before - 1, count, BOX) + xOf(gap.before, count, BOX)) / 2
    return svg`<line class="gap" x1=${x} x2=${x} y1="0" y2=${SIZE.height}><title>${gapText(gap)}</title></line>`
  }

  /** A slider that was dragged gives the keyboard back: → must step on, not scrub. */
  private release = (event: Event) => (event.target as HTMLInputElement).blur()

  private scrub = (event: Event) => {
    send(this, 'gw-iteration', { index: Number((event.target as HTMLInputElement).value) })
  }
}
