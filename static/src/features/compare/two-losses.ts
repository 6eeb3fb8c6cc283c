/** The losses of both runs in one small chart, with one line for the iteration on show. A is drawn out, B is dashed. */

import { css, html, LitElement, nothing, svg } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { IterationSummary } from '../../core/contract'
import { isEvaluation, iterationName } from '../../core/iteration-names'
import { formatNumber } from '../../core/numbers'
import { axisFor } from '../../ui/chart/axis'
import { charts } from '../../ui/chart/chart-styles'
import { type Box, curvePath, iterationAt, xOf, yOf } from '../../ui/chart/curve'
import { finite, isNumber, type Series, seriesOf } from '../../ui/chart/series'
import { numberText } from '../../ui/chart/series-text'
import { Measured } from '../../ui/element-size'
import { send } from '../../ui/events'

const HEIGHT = 118
const MARGIN = { left: 44, right: 18, top: 8, bottom: 8 }
/** Pixels between two ticks. */
const TICK = 34

@customElement('gw-two-losses')
export class TwoLosses extends LitElement {
  @property({ attribute: false }) a: readonly IterationSummary[] = []
  @property({ attribute: false }) b: readonly IterationSummary[] = []
  @property({ attribute: false }) labels = { a: '', b: '' }
  /** From 0. */
  @property({ attribute: false }) iteration = 0
  private readonly size = new Measured(this)

  static override styles = [
    charts,
    css`
      :host {
        display: block;
      }

      figure {
        margin: 0;
      }

      figcaption {
        display: flex;
        flex-wrap: wrap;
        gap: 0 14px;
        font-size: 13.5px;
      }

      figcaption svg {
        display: inline-block;
        margin-right: 5px;
        vertical-align: 3px;
      }

      .plot {
        cursor: pointer;
      }

      path {
        stroke: var(--ink);
      }

      .second {
        stroke: var(--difference-line);
        stroke-dasharray: 6 5;
        stroke-width: 2.5;
      }

      .end {
        fill: var(--ink);
        font-size: 13px;
        font-weight: 700;
      }
    `,
  ]

  override render() {
    const count = Math.max(this.a.length, this.b.length)
    const [one, other] = [this.a, this.b].map((run) =>
      seriesOf(
        run.map((one) => (isEvaluation(one) ? null : one.loss)),
        count,
      ),
    ) as [Series, Series]
    const at = (series: Series) => numberText(series, this.iteration)
    const words = `Loss in ${iterationName(this.a, this.iteration)}: A ${at(one)}, B ${at(other)}`
    return html`<figure>
      <figcaption>
        <span>${sample('first')}A · ${this.labels.a}: <b>${at(one)}</b></span>
        <span>${sample('second')}B · ${this.labels.b}: <b>${at(other)}</b></span>
      </figcaption>
      ${this.size.width > 0 ? this.plot(one, other, count, words) : nothing}
    </figure>`
  }

  private plot(one: Series, other: Series, count: number, words: string) {
    const box: Box = {
      left: MARGIN.left,
      top: MARGIN.top,
      width: Math.max(1, this.size.width - MARGIN.left - MARGIN.right),
      height: HEIGHT - MARGIN.top - MARGIN.bottom,
    }
    const axis = axisFor([...finite(one), ...finite(other)], Math.max(2, Math.floor(box.height / TICK)))
    if (axis === null) return html`<p>Neither run has a finite loss.</p>`
    const x = xOf(this.iteration, count, box)
    const go = (event: PointerEvent) => {
      const { left } = (event.currentTarget as Element).getBoundingClientRect()
      send(this, 'gw-iteration', { index: Math.min(this.a.length - 1, iterationAt(event.clientX - left, count, box)) })
    }
    const scale = axis.kind === 'log' ? ', on a logarithmic scale' : ''
    return html`<svg class="plot" width=${this.size.width} height=${HEIGHT} role="img" aria-label="${words}${scale}" @click=${go}>
      ${axis.ticks.map((tick) => {
        const y = yOf(tick, axis, box)
        return svg`<line class="grid" x1=${box.left} x2=${box.left + box.width} y1=${y} y2=${y}></line>
          <text x=${box.left - 6} y=${y + 4} text-anchor="end">${formatNumber(tick, 3)}</text>`
      })}
      <line class="current" x1=${x} x2=${x} y1=${box.top} y2=${box.top + box.height}></line>
      <path class="first" d=${curvePath(one, axis, box, this.a.map(isEvaluation))}></path>
      <path class="second" d=${curvePath(other, axis, box, this.b.map(isEvaluation))}></path>
      ${this.ends(
        one,
        other,
        (loss) => yOf(loss, axis, box),
        (index) => xOf(index, count, box),
      )}
      ${[one, other].map((series) => {
        const loss = series[this.iteration]
        return isNumber(loss) ? svg`<circle class="dot" r="4.5" cx=${x} cy=${yOf(loss, axis, box)}></circle>` : nothing
      })}
    </svg>`
  }

  /** Which curve is which, at its end; two that end at one place are kept apart. */
  private ends(one: Series, other: Series, y: (loss: number) => number, x: (index: number) => number) {
    const end = (series: Series) => {
      const index = series.findLastIndex((loss) => isNumber(loss))
      const loss = series[index]
      return isNumber(loss) ? { x: x(index) + 6, y: y(loss) + 4 } : null
    }
    const [a, b] = [end(one), end(other)]
    if (a && b && Math.abs(a.x - b.x) < 12 && Math.abs(a.y - b.y) < 13) {
      const [middle, sign] = [(a.y + b.y) / 2, a.y <= b.y ? 1 : -1]
      a.y = middle - 6.5 * sign
      b.y = middle + 6.5 * sign
    }
    const text = (at: { x: number; y: number } | null, name: string) =>
      at ? svg`<text class="end" x=${at.x} y=${at.y}>${name}</text>` : nothing
    return [text(a, 'A'), text(b, 'B')]
  }
}

function sample(which: 'first' | 'second') {
  return html`<svg width="24" height="6" aria-hidden="true">${svg`<path class=${which} d="M1,3H23"></path>`}</svg>`
}
