/** The loss over one number: what was visited, and the line along which the recorded gradient says it goes. */

import { line } from 'd3-shape'
import { css, html, LitElement, nothing, svg } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { formatNumber } from '../../core/numbers'
import { Measured } from '../../ui/element-size'
import { type Box, type Curve, type Plot, type Point, plotOf, tickTexts } from './loss-plot-points'

const HEIGHT = 158
const MARGIN = { left: 52, right: 10, top: 18, bottom: 35 }

const pathOf = line<Point>(
  ({ x }) => x,
  ({ y }) => y,
)

@customElement('gw-loss-plot')
export class LossPlot extends LitElement {
  @property({ attribute: false }) curve: Curve | null = null
  /** The name of the number. */
  @property() label = ''
  private readonly size = new Measured(this)

  static override styles = css`
    :host {
      display: block;
      min-height: ${HEIGHT}px;
    }

    svg {
      display: block;
      overflow: visible;
      font: 12px var(--sans);
    }

    text {
      fill: var(--muted);
    }

    .axis {
      fill: var(--ink);
      font-size: 13px;
    }

    .grid {
      stroke: var(--line);
    }

    .curve {
      fill: none;
      stroke: var(--value-fill);
      stroke-linejoin: round;
      stroke-width: 2;
    }

    .visited {
      fill: var(--value-fill);
    }

    .tangent {
      stroke: var(--gradient-fill);
      stroke-width: 2.5;
    }

    .recorded {
      fill: var(--card);
      stroke: var(--ink);
      stroke-width: 2;
    }

    .now {
      fill: var(--value-fill);
      stroke: var(--card);
      stroke-width: 2;
    }

    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 0 14px;
      margin: 0;
      padding: 0;
      color: var(--muted);
      font-size: 12.5px;
      list-style: none;
    }

    li svg {
      display: inline-block;
      margin-right: 5px;
      vertical-align: -2px;
    }
  `

  override render() {
    const width = this.size.width
    const box: Box = {
      left: MARGIN.left,
      top: MARGIN.top,
      width: width - MARGIN.left - MARGIN.right,
      height: HEIGHT - MARGIN.top - MARGIN.bottom,
    }
    const plot = this.curve && box.width > 0 ? plotOf(this.curve, box) : null
    if (plot === null) return nothing
    return html`<svg width=${width} height=${HEIGHT} role="img" aria-label=${this.spoken()}>
      ${this.axes(plot, box)}
      ${plot.tangent ? svg`<line class="tangent" x1=${plot.tangent.from.x} y1=${plot.tangent.from.y} x2=${plot.tangent.to.x} y2=${plot.tangent.to.y}></line>` : nothing}
      <path class="curve" d=${pathOf([...plot.points]) ?? ''}></path>
      ${plot.points.map(({ x, y }) => svg`<circle class="visited" cx=${x} cy=${y} r="2.5"></circle>`)}
      ${plot.now ? svg`<circle class="now" cx=${plot.now.x} cy=${plot.now.y} r="6"></circle>` : nothing}
      ${plot.recorded ? svg`<circle class="recorded" cx=${plot.recorded.x} cy=${plot.recorded.y} r="4.5"></circle>` : nothing}
    </svg>${this.legend(plot)}`
  }

  private axes({ horizontal, vertical }: Plot, box: Box) {
    const [right, bottom] = [box.left + box.width, box.top + box.height]
    const [across, up] = [tickTexts(horizontal), tickTexts(vertical)]
    return svg`
      ${vertical.map(
        ({ at }, i) => svg`<line class="grid" x1=${box.left} x2=${right} y1=${at} y2=${at}></line>
        <text x=${box.left - 6} y=${at + 4} text-anchor="end">${up[i]}</text>`,
      )}
      ${horizontal.map(
        ({ at }, i) => svg`<line class="grid" x1=${at} x2=${at} y1=${box.top} y2=${bottom}></line>
        <text x=${at} y=${bottom + 15} text-anchor="middle">${across[i]}</text>`,
      )}
      <text class="axis" x="2" y="11">loss</text>
      <text class="axis" x=${right} y=${bottom + 31} text-anchor="end">${this.label}</text>`
  }

  private legend({ recorded, tangent }: Plot) {
    return html`<ul aria-hidden="true">
      <li><svg width="16" height="12"><line class="curve" x1="0" x2="16" y1="6" y2="6"></line></svg>real</li>
      ${tangent ? html`<li><svg width="16" height="12"><line class="tangent" x1="0" x2="16" y1="6" y2="6"></line></svg>predicted</li>` : nothing}
      ${recorded ? html`<li><svg width="12" height="12"><circle class="recorded" cx="6" cy="6" r="4.5"></circle></svg>recorded</li>` : nothing}
    </ul>`
  }

  private spoken(): string {
    const { points = [], tangent = null } = this.curve ?? {}
    const [first, last] = [points[0], points.at(-1)]
    if (!first || !last) return 'The loss: no run yet'
    const from = `${this.label} ${formatNumber(first.x)}: loss ${formatNumber(first.y)}`
    const to = `${this.label} ${formatNumber(last.x)}: loss ${formatNumber(last.y)}`
    const slope = tangent ? ` The tangent's slope is the gradient, ${formatNumber(tangent.slope)}.` : ''
    return `The loss over ${this.label}, ${points.length} runs, from ${from}, to ${to}.${slope}`
  }
}
