/** One cell of a film strip: a number, a heatmap, or the statistics of a tensor too large to stand inside the iteration. */

import { css, html, LitElement, nothing, svg } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { divergingRgb } from '../../core/colours'
import { formatNumber } from '../../core/numbers'
import type { Theme } from '../../core/theme'
import type { Content, What } from './film'

/** A map this many times wider than high is stretched: a line of one pixel says nothing. */
const FLAT = 3

@customElement('gw-film-cell')
export class FilmCell extends LitElement {
  /** Null while it has not come. */
  @property({ attribute: false }) content: Content | null = null
  /** From 0. */
  @property({ attribute: false }) iteration = 0
  /** The turn that the iteration is; empty outside of all loops. */
  @property({ attribute: false }) turn = ''
  @property({ type: Boolean, reflect: true }) evaluation = false
  /** The largest magnitude of the whole strip. */
  @property({ attribute: false }) scale = 0
  @property({ reflect: true }) what: What = 'value'
  @property() theme: Theme = 'light'
  /** True if it is the iteration on show. */
  @property({ type: Boolean, reflect: true }) current = false
  @property({ type: Boolean, reflect: true }) pointed = false
  @property({ type: Boolean }) failed = false
  @query('canvas') private canvas!: HTMLCanvasElement | null

  static override styles = css`
    :host {
      display: flex;
      flex: none;
      flex-direction: column;
      gap: 3px;
      width: 104px;
      padding: 5px;
      border: 2px solid transparent;
      border-radius: 8px;
      text-align: center;
      cursor: pointer;
    }

    :host([pointed]) {
      border-color: var(--line-strong);
      background: var(--hover);
    }

    :host([current]) {
      border-color: var(--ink);
    }

    .picture {
      position: relative;
      display: grid;
      flex: 1;
      min-height: 0;
      border-radius: 4px;
      background: var(--room);
      color: var(--muted);
      place-items: center;
    }

    canvas,
    svg {
      position: absolute;
      width: 100%;
      height: 100%;
      border-radius: 4px;
    }

    canvas {
      image-rendering: pixelated;
      object-fit: contain;
    }

    canvas.flat {
      object-fit: fill;
    }

    b {
      overflow: hidden;
      color: var(--value);
      font-size: 14.5px;
      line-height: 1.3;
      font-variant-numeric: tabular-nums;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    :host([what='gradient']) b {
      color: var(--gradient);
    }

    small {
      color: var(--muted);
      font-size: 12px;
      line-height: 1.3;
    }

    .turn {
      display: -webkit-box;
      overflow: hidden;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }

    :host([evaluation]) .picture {
      outline: 1.5px dashed var(--line-strong);
      outline-offset: -1px;
    }

    :host([current]) small {
      color: var(--ink);
      font-weight: 650;
    }

    line {
      stroke: var(--line-strong);
      vector-effect: non-scaling-stroke;
    }

    .mark {
      fill: var(--value-fill);
    }

    :host([what='gradient']) .mark {
      fill: var(--gradient-fill);
    }

    .range {
      fill-opacity: 0.35;
    }
  `

  override render() {
    return html`<div class="picture" aria-hidden="true">${this.picture()}</div>
      ${this.caption()}<small aria-hidden="true">${this.iteration + 1}</small>
      ${this.turn === '' ? nothing : html`<small class="turn" aria-hidden="true">${this.turn}</small>`}`
  }

  protected override updated(): void {
    const { content, canvas } = this
    if (content?.kind !== 'map' || !canvas) return
    canvas.width = content.columns
    canvas.height = content.rows
    const context = canvas.getContext('2d')
    if (!context) return
    const image = context.createImageData(content.columns, content.rows)
    content.numbers.forEach((x, i) => {
      image.data.set([...divergingRgb(x, this.scale, this.theme), 255], 4 * i)
    })
    context.putImageData(image, 0, 0)
  }

  private picture() {
    const { content } = this
    if (this.failed) return 'not loaded'
    if (content === null) return '…'
    if (content.kind === 'none') return 'none'
    if (content.kind === 'map')
      return html`<canvas class=${content.columns > FLAT * content.rows ? 'flat' : ''}></canvas>`
    if (content.kind === 'number') return this.onScale([this.mark(content.number, content.number, 'number')])
    const { min, max, mean, std } = content.stats
    if (min === null || max === null || mean === null) return 'NaN'
    return this.onScale([
      this.mark(min, max, 'range'),
      std === null ? nothing : this.mark(Math.max(min, mean - std), Math.min(max, mean + std), 'middle'),
    ])
  }

  /** Draw marks on the scale of the cell's numbers, with zero in the middle. */
  private onScale(marks: unknown[]) {
    return html`<svg viewBox="0 0 100 100" preserveAspectRatio="none">
      ${svg`<line x1="0" x2="100" y1="50" y2="50"></line>`}${marks}</svg>`
  }

  private mark(from: number, to: number, what: string) {
    if (!Number.isFinite(from) || !Number.isFinite(to)) return nothing
    const y = (x: number) => 50 - (this.scale > 0 ? (x / this.scale) * 44 : 0)
    const top = Math.max(0, y(to) - 3)
    const inset = what === 'range' ? 30 : 20
    return svg`<rect class="mark ${what}" x=${inset} width=${100 - 2 * inset} y=${top} height=${Math.min(100, y(from) + 3) - top}></rect>`
  }

  private caption() {
    const { content } = this
    if (content?.kind === 'number') return html`<b aria-hidden="true">${formatNumber(content.number)}</b>`
    if (content?.kind === 'statistics' && content.stats.mean !== null)
      return html`<b aria-hidden="true">mean ${formatNumber(content.stats.mean, 2)}</b>`
    return nothing
  }
}
