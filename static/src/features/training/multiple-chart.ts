/** One parameter over the iterations, small: its value as a band above, the norm of its gradient as a curve below. */

import { css, html, LitElement, nothing, type PropertyValues, svg } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { isEvaluation, type NamedIterations } from '../../core/iteration-names'
import { formatNumber, formatShort } from '../../core/numbers'
import { type Axis, axisFor } from '../../ui/chart/axis'
import { charts } from '../../ui/chart/chart-styles'
import { type Box, bandPath, curvePath, iterationAt, xOf } from '../../ui/chart/curve'
import { brokenStretches, finite } from '../../ui/chart/series'
import { numberText } from '../../ui/chart/series-text'
import { Measured } from '../../ui/element-size'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import type { Multiple } from './training-history'
import { multipleSummary, valueText } from './training-text'

const MARGIN = { left: 52, right: 6, top: 3, between: 10, bottom: 3 }
/** Letters of a label beside the curve. */
const LETTERS = 7

@customElement('gw-multiple')
export class MultipleChart extends LitElement {
  @property({ attribute: false }) multiple: Multiple | null = null
  @property({ attribute: false }) iterations: NamedIterations = []
  /** The iteration on show, from 0. */
  @property({ attribute: false }) iteration = 0
  /** The iteration that the reader looks at, from 0; null when they look at none. */
  @property({ attribute: false }) pointed: number | null = null
  /** The parameter's node in the graph on show; null when it is not in it. */
  @property({ attribute: false }) node: string | null = null
  @property({ type: Boolean, reflect: true }) selected = false
  private readonly size = new Measured(this, () => this.plot)
  private values: Axis | null = null
  private gradients: Axis | null = null
  private band = ''
  private curve = ''
  private drawn = ''

  static override styles = [
    controls,
    charts,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        padding: 6px 10px;
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--card);
      }

      :host([selected]) {
        border-color: var(--ink);
      }

      div {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: 8px;
        font-size: 13.5px;
        line-height: 1.35;
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }

      .link {
        overflow: hidden;
        min-width: 0;
        font-weight: 650;
        text-overflow: ellipsis;
        text-decoration-color: transparent;
      }

      .link:disabled {
        cursor: default;
      }

      .muted {
        color: var(--muted);
        font-size: 12.5px;
      }

      .value-text {
        color: var(--value);
        font-weight: 600;
      }

      .gradient-text {
        color: var(--gradient);
        font-weight: 600;
      }

      .plot {
        position: relative;
        display: block;
        flex: 1;
        min-height: 64px;
        cursor: pointer;
      }

      svg {
        position: absolute;
      }

      .dot {
        stroke: var(--card);
      }
    `,
  ]

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('multiple')) this.drawn = ''
    const { width, height } = this.size
    if (this.multiple === null || this.drawn === `${width}×${height}`) return
    this.drawn = `${width}×${height}`
    const { low, high, gradient } = this.multiple
    const [above, below] = this.boxes
    this.values = axisFor([...finite(low), ...finite(high)], 2)
    // A norm is never below zero, also not where it was zero all the time.
    const norms = finite(gradient)
    this.gradients = axisFor(norms.length > 0 && norms.every((x) => x === 0) ? [0, 1] : norms, 2)
    this.band = this.values ? bandPath(low, high, this.values, above) : ''
    this.curve = this.gradients ? curvePath(gradient, this.gradients, below, this.iterations.map(isEvaluation)) : ''
  }

  override render() {
    const { multiple, node } = this
    if (multiple === null) return nothing
    const at = this.pointed ?? this.iteration
    const log = (axis: Axis | null) => (axis?.kind === 'log' ? ' · log' : '')
    return html`
      <div><button class="link" ?disabled=${node === null} title="Select ${multiple.name} in the picture"
          @click=${() => send(this, 'gw-select', { node })}>${multiple.label}</button>
        <span class="value-text">${valueText(multiple, at)}</span></div>
      <span class="plot" role="img" aria-label=${multipleSummary(multiple, this.iterations)}
        @pointermove=${this.point} @pointerleave=${() => send(this, 'gw-point', { iteration: null })} @click=${this.go}>
        ${this.size.width > 0 ? this.drawing(multiple) : nothing}</span>
      <div><span class="muted">gradient norm${log(this.gradients)}</span>
        <span class="gradient-text">${numberText(multiple.gradient, at)}</span></div>
    `
  }

  private drawing({ low, gradient }: Multiple) {
    const [above, below] = this.boxes
    const count = low.length
    const line = (index: number, what: string) => {
      const x = xOf(index, count, above)
      return svg`<line class=${what} x1=${x} x2=${x} y1=${above.top} y2=${below.top + below.height}></line>`
    }
    return html`<svg width=${this.size.width} height=${this.size.height} aria-hidden="true">
      ${this.frame(above, this.values)} ${this.frame(below, this.gradients)}
      ${brokenStretches(gradient).map(([from, to]) => {
        const [left, right] = [xOf(from, count, below), xOf(to, count, below)]
        return svg`<rect class="broken" x=${left - 1} width=${right - left + 2} y=${below.top} height=${below.height}></rect>`
      })}
      <path class="band" d=${this.band}></path>
      <path class=${count > below.width ? 'gradient dense' : 'gradient'} d=${this.curve}></path>
      ${line(this.iteration, 'current')}
      ${this.pointed === null ? nothing : line(this.pointed, 'pointed')}
    </svg>`
  }

  /** The ends of a scale, as lines with their numbers. */
  private frame(box: Box, axis: Axis | null) {
    if (axis === null) return svg`<text x=${box.left} y=${box.top + box.height / 2 + 4}>none</text>`
    const ends = [
      [axis.high, box.top, 9],
      [axis.low, box.top + box.height, 1],
    ] as const
    return ends.map(
      ([x, y, down]) => svg`<line class="grid" x1=${box.left} x2=${box.left + box.width} y1=${y} y2=${y}></line>
        <text x=${box.left - 6} y=${y + down} text-anchor="end">${label(x)}</text>`,
    )
  }

  private get boxes(): [Box, Box] {
    const width = Math.max(1, this.size.width - MARGIN.left - MARGIN.right)
    const height = Math.max(1, (this.size.height - MARGIN.top - MARGIN.between - MARGIN.bottom) / 2)
    const box = { left: MARGIN.left, width, height }
    return [
      { ...box, top: MARGIN.top },
      { ...box, top: MARGIN.top + height + MARGIN.between },
    ]
  }

  private get plot(): Element {
    return this.renderRoot.querySelector('.plot') ?? this
  }

  private point = (event: PointerEvent) => {
    const { left } = this.plot.getBoundingClientRect()
    const iteration = iterationAt(event.clientX - left, this.multiple?.low.length ?? 1, this.boxes[0])
    if (iteration !== this.pointed) send(this, 'gw-point', { iteration })
  }

  private go = () => {
    if (this.pointed !== null) send(this, 'gw-iteration', { index: this.pointed })
  }
}

function label(x: number): string {
  const text = formatNumber(x, 2)
  return text.length <= LETTERS ? text : formatShort(x, LETTERS)
}
