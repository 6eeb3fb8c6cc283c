/** The loss over the iterations, large: read off and gone to with the pointer, or as a slider with the keyboard. */

import { css, html, LitElement, nothing, type PropertyValues, svg } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { isEvaluation, iterationLabel, iterationNumber, turnText } from '../../core/iteration-names'
import { formatNumber } from '../../core/numbers'
import { gapText } from '../../core/recording-gaps'
import { placeAfter } from '../../ui/chart/arrow-choice'
import { type Axis, axisFor, roundNumbers } from '../../ui/chart/axis'
import { charts } from '../../ui/chart/chart-styles'
import { type Box, curvePath, iterationAt, marksPath, xOf, yOf } from '../../ui/chart/curve'
import { brokenStretches, finite, isNumber } from '../../ui/chart/series'
import { numberText } from '../../ui/chart/series-text'
import { Measured } from '../../ui/element-size'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import type { Training } from './training-history'
import { iterationText, lossSummary } from './training-text'

const MARGIN = { left: 58, right: 14, top: 8, bottom: 22 }
/** Pixels that a label needs: lines of ticks, and numbers of iterations. */
const ROOM = { tick: 34, iteration: 90 }

@customElement('gw-loss-chart')
export class LossChart extends LitElement {
  @property({ attribute: false }) training: Training | null = null
  /** The iteration on show, from 0. */
  @property({ attribute: false }) iteration = 0
  /** The iteration that the reader looks at, from 0; null when they look at none. */
  @property({ attribute: false }) pointed: number | null = null
  private readonly size = new Measured(this, () => this.plot)
  private axis: Axis | null = null
  private path = ''
  private evaluations = ''
  private beyond = ''
  private drawn = ''

  static override styles = [
    controls,
    charts,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 10px;
        padding: 0 4px 2px;
      }

      h3 {
        margin: 0;
        font-size: 14px;
        font-weight: 400;
      }

      b {
        font-size: 20px;
        font-variant-numeric: tabular-nums;
      }

      .muted {
        color: var(--muted);
        font-size: 13px;
      }

      .where {
        overflow: hidden;
        min-width: 0;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      /* Readable over the curve. */
      .there {
        position: absolute;
        top: 6px;
        padding: 0 4px;
        border-radius: 4px;
        background: color-mix(in srgb, var(--panel) 82%, transparent);
        font-size: 13.5px;
        line-height: 1.3;
        pointer-events: none;
      }

      .there.left {
        text-align: right;
      }

      .there div {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .there div:first-child {
        font-weight: 650;
      }

      .plot {
        position: relative;
        flex: 1;
        min-height: 60px;
        border-radius: 6px;
        cursor: pointer;
        touch-action: pan-y;
      }

      svg {
        position: absolute;
      }
    `,
  ]

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('training')) this.drawn = ''
    const { width, height } = this.size
    if (this.training === null || this.drawn === `${width}×${height}`) return
    const box = this.box
    this.drawn = `${width}×${height}`
    const { evaluations, losses, beyond } = this.training
    const all = [...losses, ...beyond]
    this.axis = axisFor(finite(all), Math.max(2, Math.floor(box.height / ROOM.tick)))
    // each on the places of all, the second from the last point of the first
    const until = (index: number) => all.map((x, i) => (i < index ? x : null))
    const from = (index: number) => all.map((x, i) => (i >= index ? x : null))
    this.path = this.axis ? curvePath(until(losses.length), this.axis, box, evaluations) : ''
    this.evaluations = marksPath([...evaluations, ...beyond.map(() => false)], box)
    this.beyond = this.axis && beyond.length > 0 ? curvePath(from(losses.length - 1), this.axis, box) : ''
  }

  override render() {
    const { training, iteration, pointed } = this
    if (training === null) return nothing
    const at = pointed ?? iteration
    const label = iterationLabel(training.iterations, iteration)
    return html`
      <header role="none">
        <h3>Loss <b>${numberText(training.losses, iteration)}</b></h3>
        <span class="muted where" title=${label}>${label}</span>
        ${this.axis?.kind === 'log' ? html`<span class="muted">log scale</span>` : nothing}
      </header>
      <div class="plot" role="slider" tabindex="0" aria-label="Iteration. ${lossSummary(training, this.axis)} Enter goes there."
        aria-valuemin="1" aria-valuemax=${training.count} aria-valuenow=${at + 1} aria-valuetext=${iterationText(training, at)}
        @pointermove=${this.point} @pointerleave=${() => this.tell(null)} @click=${this.go} @keydown=${this.onKey}
        @blur=${() => this.tell(null)}>
        ${this.size.width > 0 ? this.drawing(training) : nothing}
      </div>
    `
  }

  private drawing(training: Training) {
    const { losses, beyond } = training
    const { box, axis } = this
    const count = losses.length + beyond.length
    const bottom = box.top + box.height
    const line = (index: number, what: string) => {
      const x = xOf(index, count, box)
      return svg`<line class=${what} x1=${x} x2=${x} y1=${box.top} y2=${bottom}></line>`
    }
    return html`<svg width=${this.size.width} height=${this.size.height} aria-hidden="true">
      ${axis?.ticks.map((tick) => {
        const y = yOf(tick, axis, box)
        return svg`<line class="grid" x1=${box.left} x2=${box.left + box.width} y1=${y} y2=${y}></line>
          <text x=${box.left - 8} y=${y + 4} text-anchor="end">${formatNumber(tick, 3)}</text>`
      })}
      ${this.iterationTicks(count).map(
        (index) =>
          svg`<text x=${xOf(index, count, box)} y=${bottom + 18} text-anchor=${index === 0 ? 'start' : index === count - 1 ? 'end' : 'middle'}>${index + 1}</text>`,
      )}
      ${training.gaps.map((gap) => this.cutBefore(gap.before, count, gapText(gap)))}
      ${beyond.length > 0 ? this.cutBefore(losses.length, count, 'recording full: only the loss') : nothing}
      ${brokenStretches([...losses, ...beyond]).map(([from, to]) => this.broken(from, to, count))}
      <path class=${count > box.width ? 'loss dense' : 'loss'} d=${this.path}></path>
      ${this.evaluations === '' ? nothing : svg`<path class="evaluations" d=${this.evaluations}></path>`}
      ${this.beyond === '' ? nothing : svg`<path class="beyond" d=${this.beyond}></path>`}
      ${line(this.iteration, 'current')}
      ${this.pointed === null ? nothing : line(this.pointed, 'pointed')}
      ${[this.iteration, this.pointed].map((index) => this.dot(index, losses, count))}
    </svg>
    ${this.pointed === null ? nothing : this.there(this.pointed, training, count)}`
  }

  /** Name the iteration that the reader looks at, on the side of its line that has space. */
  private there(index: number, { iterations, losses }: Training, count: number) {
    const { width } = this.size
    const x = xOf(index, count, this.box)
    const onTheLeft = x > this.box.left + this.box.width / 2
    const side = onTheLeft
      ? `right:${width - x + 4}px;max-width:${x - 4}px`
      : `left:${x + 4}px;max-width:${width - x - 4}px`
    const loss = isEvaluation(iterations[index]) ? '' : `: ${numberText(losses, index)}`
    return html`<div class="there ${onTheLeft ? 'left' : ''}" .style=${side} aria-hidden="true">
      <div>${iterationNumber(index)}${loss}</div><div>${turnText(iterations[index])}</div></div>`
  }

  /** Draw where the recording stops, in front of an iteration, and say why. */
  private cutBefore(index: number, count: number, why: string) {
    const { box } = this
    const x = (xOf(index - 1, count, box) + xOf(index, count, box)) / 2
    const onTheLeft = x > box.left + box.width / 2
    return svg`<line class="full" x1=${x} x2=${x} y1=${box.top} y2=${box.top + box.height}></line>
      <text x=${x + (onTheLeft ? -6 : 6)} y=${box.top + 32} class="full-word" text-anchor=${onTheLeft ? 'end' : 'start'}>${why}</text>`
  }

  private broken(from: number, to: number, count: number) {
    const { box } = this
    const [left, right] = [xOf(from, count, box), xOf(to, count, box)]
    const middle = Math.max(box.left + 34, Math.min(box.left + box.width - 34, (left + right) / 2))
    return svg`<rect class="broken" x=${left - 1} width=${right - left + 2} y=${box.top} height=${box.height}></rect>
      <text class="broken-word" x=${middle} y=${box.top + 14} text-anchor="middle">NaN or ∞</text>`
  }

  private dot(index: number | null, losses: Training['losses'], count: number) {
    const loss = index === null ? null : losses[index]
    if (index === null || !isNumber(loss) || this.axis === null) return nothing
    return svg`<circle class="dot" r="5" cx=${xOf(index, count, this.box)} cy=${yOf(loss, this.axis, this.box)}></circle>`
  }

  /** The first, the last, and round numbers between them where there is room. From 0. */
  private iterationTicks(count: number): number[] {
    const most = Math.max(1, Math.floor(this.box.width / ROOM.iteration))
    const near = (count / most) * 0.7
    const between = roundNumbers(1, count, most).filter(
      (tick) => Number.isInteger(tick) && tick - 1 > near && count - tick > near,
    )
    return [0, ...between.map((tick) => tick - 1), count - 1]
  }

  private get box(): Box {
    const { width, height } = this.size
    return {
      left: MARGIN.left,
      top: MARGIN.top,
      width: Math.max(1, width - MARGIN.left - MARGIN.right),
      height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
    }
  }

  private get plot(): Element {
    return this.renderRoot.querySelector('.plot') ?? this
  }

  private point = (event: PointerEvent) => {
    const { left } = this.plot.getBoundingClientRect()
    const { count = 1, beyond = [] } = this.training ?? {}
    this.tell(Math.min(count - 1, iterationAt(event.clientX - left, count + beyond.length, this.box)))
  }

  private go = () => {
    if (this.pointed !== null) send(this, 'gw-iteration', { index: this.pointed })
  }

  private onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const to = placeAfter(event.key, this.pointed ?? this.iteration, this.training?.count ?? 1)
    if (to !== null) this.tell(to)
    else if (event.key === 'Enter') this.go()
    else if (event.key === 'Escape' && this.pointed !== null) this.tell(null)
    else return
    event.preventDefault()
  }

  private tell(iteration: number | null): void {
    if (iteration !== this.pointed) send(this, 'gw-point', { iteration })
  }
}
