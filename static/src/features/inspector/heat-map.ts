/** A slice of a tensor as a heatmap: one pixel per number, one scale for the whole tensor, a legend, and the same in words. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { type Cell, moved } from '../../core/cells'
import { divergingRgb, scaleOf } from '../../core/colours'
import { formatNumber, toNumber } from '../../core/numbers'
import { describeExtremes, extremesOf, type Slice, sliceOf } from '../../core/tensors'
import type { Theme } from '../../core/theme'
import { controls } from '../../ui/styles'
import { ask, type Whole } from './tensor-look'

const LEGEND_STEPS = 101
/** In pixels: cells are square where there is room for that, and no larger or smaller than this. */
const LARGEST_CELL = { small: 34, large: 110 }
const LOWEST = 16
const NARROWEST = 28
const HIGHEST = 260
/** Colours of infinite numbers, which no finite number has. */
const INFINITE: Record<Theme, Rgb> = { light: [0, 0, 0], dark: [255, 255, 255] }

type Rgb = readonly [number, number, number]

@customElement('gw-heat-map')
export class HeatMap extends LitElement {
  @property({ attribute: false }) member: Whole | null = null
  @property({ attribute: false }) held: readonly number[] = []
  @property({ attribute: false }) cell: Cell | null = null
  @property({ attribute: false }) picked: Cell | null = null
  /** True if a cell can be picked. */
  @property({ type: Boolean }) picks = false
  @property() theme: Theme = 'light'
  @property({ type: Boolean, reflect: true }) large = false
  @query('canvas.map') private map!: HTMLCanvasElement
  @query('canvas.legend') private legend!: HTMLCanvasElement
  @query('.frame') private frame!: HTMLElement
  @query('.mark.at') private mark!: HTMLElement | null
  @query('.mark.picked') private pick!: HTMLElement | null
  private scale = 0
  private words = ''
  private outside = { nans: 0, infinities: 0 }
  private readonly watcher = new ResizeObserver(() => this.fit())

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      figure {
        margin: 0;
      }

      .frame {
        position: relative;
        border-radius: 3px;
        cursor: crosshair;
      }

      canvas {
        display: block;
        width: 100%;
        height: 100%;
        border-radius: 3px;
      }

      .map {
        box-shadow: 0 0 0 1px var(--line-strong);
        image-rendering: pixelated;
      }

      .map.fine {
        image-rendering: auto;
      }

      .mark {
        position: absolute;
        min-width: 7px;
        min-height: 7px;
        border: 2px solid var(--ink);
        border-radius: 2px;
        box-shadow: 0 0 0 1.5px var(--card);
        pointer-events: none;
      }

      .mark.picked {
        border-color: var(--gradient);
      }

      .scale {
        display: grid;
        grid-template-columns: auto minmax(40px, 120px) auto;
        gap: 6px;
        justify-content: start;
        align-items: center;
        margin-top: 7px;
        color: var(--muted);
        font: 12px var(--mono);
      }

      .legend {
        height: 9px;
      }

      figcaption {
        margin-top: 3px;
        color: var(--muted);
        font-size: 12.5px;
        overflow-wrap: anywhere;
      }

      :host([large]) figcaption,
      :host([large]) .scale {
        font-size: 15px;
      }

      .swatch {
        display: inline-block;
        width: 11px;
        height: 11px;
        border-radius: 2px;
        vertical-align: -1px;
      }

      .swatch.nan {
        background: var(--not-a-number);
      }

      .swatch.infinite {
        background: var(--infinite);
      }

      b {
        color: var(--error);
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    this.watcher.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.watcher.disconnect()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('member') || !this.member) return
    this.scale = scaleOf(this.member.tensor.data.map(toNumber))
    this.words = describeExtremes(this.member.tensor)
    this.outside = extremesOf(this.member.tensor) ?? this.outside
  }

  override render() {
    if (!this.member) return nothing
    const { name, tensor } = this.member
    const scale = formatNumber(this.scale)
    const complex = tensor.dtype.startsWith('complex') ? ' of magnitudes' : ''
    return html`<figure>
      <div class="frame" tabindex="0" role="img" aria-label=${`Heatmap${complex} of ${name}, ${this.words}. Arrow keys go from cell to cell.`}
        @pointermove=${this.hover} @click=${() => this.choose()} @pointerleave=${() => this.point(null)} @keydown=${this.press} @focus=${this.enter}
        @blur=${() => this.point(null)}>
        <canvas class="map"></canvas>${this.picked ? html`<div class="mark picked"></div>` : nothing}
        ${this.cell ? html`<div class="mark at"></div>` : nothing}
      </div>
      <div class="scale" aria-hidden="true"><span>${this.scale === 0 ? '' : `−${scale}`}</span>
        <canvas class="legend" width=${LEGEND_STEPS} height="1"></canvas><span>${scale}</span></div>
      <figcaption>${this.words}${complex ? ' (magnitudes)' : nothing}${this.broken()}</figcaption>
    </figure>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    const slice = this.slice()
    if (!slice || slice.rows === 0 || slice.columns === 0) return
    if (changed.has('member') || changed.has('held') || changed.has('theme')) this.paintAll(slice)
    if (changed.has('member') || changed.has('large')) this.fit()
    this.place(slice)
  }

  private broken() {
    const { nans, infinities } = this.outside
    return html`${nans > 0 ? html` <b><span class="swatch nan"></span> NaN</b>` : nothing}
      ${infinities > 0 ? html` <b><span class="swatch infinite"></span> ±∞</b>` : nothing}`
  }

  private paintAll(slice: Slice): void {
    paint(this.map, slice.columns, slice.rows, (row, column) =>
      this.colour(toNumber(slice.at(row, column)), this.scale),
    )
    paint(this.legend, LEGEND_STEPS, 1, (_, column) => this.colour((2 * column) / (LEGEND_STEPS - 1) - 1, 1))
    this.style.setProperty('--not-a-number', `rgb(${this.colour(Number.NaN, 1).join(' ')})`)
    this.style.setProperty('--infinite', `rgb(${INFINITE[this.theme].join(' ')})`)
  }

  /** The size of the picture, by CSSOM as the CSP allows. */
  private fit(): void {
    const slice = this.slice()
    const width = this.clientWidth
    if (!slice || !this.frame || width === 0) return
    const highest = this.large ? Math.max(160, window.innerHeight - 330) : HIGHEST
    const { rows, columns } = slice
    const cell = Math.min(this.large ? LARGEST_CELL.large : LARGEST_CELL.small, width / columns, highest / rows)
    this.frame.style.width = `${Math.max(cell * columns, Math.min(width, NARROWEST))}px`
    this.frame.style.height = `${Math.max(cell * rows, LOWEST)}px`
    this.map.classList.toggle('fine', cell < 1)
  }

  private place({ rows, columns }: Slice): void {
    const share = (part: number, all: number) => `${(100 * part) / all}%`
    const put = (mark: HTMLElement | null, cell: Cell | null) => {
      if (mark && cell)
        Object.assign(mark.style, {
          left: share(cell.column, columns),
          top: share(cell.row, rows),
          width: share(1, columns),
          height: share(1, rows),
        })
    }
    put(this.mark, this.cell)
    put(this.pick, this.picked)
  }

  private colour(x: number, scale: number): Rgb {
    return Math.abs(x) === Number.POSITIVE_INFINITY ? INFINITE[this.theme] : divergingRgb(x, scale, this.theme)
  }

  private slice(): Slice | null {
    return this.member && sliceOf(this.member.tensor, this.held)
  }

  private hover = (event: PointerEvent): void => {
    const slice = this.slice()
    if (!slice) return
    const box = this.frame.getBoundingClientRect()
    const at = (share: number, count: number) => Math.max(0, Math.min(count - 1, Math.floor(share * count)))
    this.point({
      row: at((event.clientY - box.top) / box.height, slice.rows),
      column: at((event.clientX - box.left) / box.width, slice.columns),
    })
  }

  private press = (event: KeyboardEvent): void => {
    const slice = this.slice()
    if (!slice || event.altKey || event.metaKey || event.shiftKey) return
    if (event.key === 'Enter') this.choose()
    const to = moved(this.cell ?? { row: 0, column: 0 }, event, slice, 10)
    if (!to) return
    event.preventDefault()
    this.point(to)
  }

  private enter = (): void => {
    if (this.frame.matches(':focus-visible') && !this.cell) this.point({ row: 0, column: 0 })
  }

  private choose(): void {
    if (this.picks && this.cell) ask(this, { picked: this.cell })
  }

  private point(cell: Cell | null): void {
    if (cell?.row !== this.cell?.row || cell?.column !== this.cell?.column) ask(this, { cell })
  }
}

type Colour = (row: number, column: number) => Rgb

function paint(canvas: HTMLCanvasElement, width: number, height: number, colour: Colour): void {
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return
  const image = context.createImageData(width, height)
  for (let i = 0; i < width * height; i += 1) {
    const [red, green, blue] = colour(Math.floor(i / width), i % width)
    const at = 4 * i
    image.data[at] = red
    image.data[at + 1] = green
    image.data[at + 2] = blue
    image.data[at + 3] = 255
  }
  context.putImageData(image, 0, 0)
}
