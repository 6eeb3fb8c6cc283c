/** The distribution of a tensor's numbers: bars, an axis, and counts of numbers that are not on it. */

import { css, html, LitElement, nothing, svg } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { formatNumber } from '../../core/numbers'
import { describeHistogram, type Histogram, histogramOf, outside } from './histogram'
import type { Whole } from './tensor-look'

const WIDTH = 260
const BARS = 84
const TOP = 16
const HEIGHT = TOP + BARS + 20

@customElement('gw-histogram')
export class HistogramView extends LitElement {
  @property({ attribute: false }) member: Whole | null = null

  static override styles = css`
    :host {
      display: block;
    }

    figure {
      margin: 0;
    }

    svg {
      display: block;
      width: 100%;
      max-height: 46vh;
    }

    rect {
      stroke: var(--card);
      stroke-width: 0.5;
    }

    .value rect {
      fill: var(--value-fill);
    }

    .grad rect {
      fill: var(--gradient-fill);
    }

    line {
      stroke: var(--line-strong);
    }

    .zero {
      stroke: var(--ink);
      stroke-dasharray: 2 2;
    }

    text {
      fill: var(--muted);
      font: 11.5px var(--mono);
    }

    p {
      margin: 2px 0 0;
      color: var(--error);
      font-size: 12.5px;
      font-weight: 600;
    }
  `

  override render() {
    const histogram = this.member && histogramOf(this.member.tensor)
    if (!this.member || !histogram) return nothing
    const apart = outside(histogram)
    return html`<figure>
      ${histogram.bins.length > 0 ? this.bars(histogram, this.member) : nothing}
      ${apart ? html`<p>Not among the bars: ${apart}</p>` : nothing}
    </figure>`
  }

  private bars(histogram: Histogram, { name, kind }: Whole) {
    const { bins, whole } = histogram
    const most = Math.max(...bins.map((bin) => bin.count))
    const width = WIDTH / bins.length
    const fullest = bins.findIndex((bin) => bin.count === most)
    return html`<svg class=${kind} viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${describeHistogram(histogram, name)}>
      ${bins.map((bin, i) => {
        const height = bin.count === 0 ? 0 : Math.max(1, (BARS * bin.count) / most)
        const told = whole ? formatNumber(bin.from) : `${formatNumber(bin.from)} to ${formatNumber(bin.to)}`
        return svg`<rect x=${i * width} y=${TOP + BARS - height} width=${width} height=${height}><title>${told}: ${bin.count}</title></rect>`
      })}
      <line x1="0" x2=${WIDTH} y1=${TOP + BARS} y2=${TOP + BARS}></line>
      ${this.zero(histogram)}
      <text x=${clamped((fullest + 0.5) * width)} y=${TOP - 4} text-anchor=${anchor((fullest + 0.5) * width)}>${most}</text>
      <text x="0" y=${HEIGHT - 5}>${formatNumber(bins[0]?.from ?? 0)}</text>
      ${bins.length > 1 ? svg`<text x=${WIDTH} y=${HEIGHT - 5} text-anchor="end">${formatNumber(bins.at(-1)?.to ?? 0)}</text>` : nothing}
    </svg>`
  }

  /** Draw the position of 0, if there are numbers of both signs. */
  private zero({ bins, whole }: Histogram) {
    const [low, high] = [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 0]
    if (whole || low >= 0 || high <= 0) return nothing
    const x = (-low / (high - low)) * WIDTH
    const room = x > 70 && x < WIDTH - 70
    return svg`<line class="zero" x1=${x} x2=${x} y1=${TOP} y2=${TOP + BARS}></line>
      ${room ? svg`<text x=${x} y=${HEIGHT - 5} text-anchor="middle">0</text>` : nothing}`
  }
}

function anchor(x: number): string {
  return x < 30 ? 'start' : x > WIDTH - 30 ? 'end' : 'middle'
}

function clamped(x: number): number {
  return x < 30 ? 0 : x > WIDTH - 30 ? WIDTH : x
}
