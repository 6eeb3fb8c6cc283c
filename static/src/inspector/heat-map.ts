/** A slice of a tensor as a heatmap: one pixel per number, one scale for the whole tensor, a legend. */

import { css, html, LitElement } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Tensor } from '../api/types'
import { divergingRgb, scaleOf } from '../colours'
import { formatNumber, toNumber } from '../numbers'
import type { Theme } from '../theme'
import { type Slice, sliceOf } from './tensors'

const LEGEND_STEPS = 101

@customElement('gw-heat-map')
export class HeatMap extends LitElement {
  @property({ attribute: false }) tensor: Tensor | null = null
  @property({ attribute: false }) held: readonly number[] = []
  @property() theme: Theme = 'light'
  @state() private pointed = ''
  @query('canvas.map') private map!: HTMLCanvasElement
  @query('canvas.legend') private legend!: HTMLCanvasElement

  static override styles = css`
    :host {
      display: block;
    }

    canvas {
      display: block;
      width: 100%;
      border-radius: 4px;
      image-rendering: pixelated;
    }

    .map {
      min-height: 14px;
      max-height: 320px;
      border: 1px solid var(--line);
    }

    .legend {
      height: 8px;
      margin-top: 6px;
    }

    .scale {
      display: flex;
      justify-content: space-between;
      color: var(--muted);
      font: 12px var(--mono);
    }

    p {
      min-height: 1.4em;
      margin: 3px 0 0;
      font: 12px/1.4 var(--mono);
    }
  `

  override render() {
    const scale = formatNumber(this.scale())
    return html`
      <canvas class="map" role="img" aria-label="Heatmap; the same numbers stand in the table"
        @pointermove=${this.point} @pointerleave=${() => this.name('')}></canvas>
      <canvas class="legend" width=${LEGEND_STEPS} height="1" aria-hidden="true"></canvas>
      <div class="scale"><span>${scale === '0' ? '' : `−${scale}`}</span><span>0</span><span>${scale === '0' ? '' : scale}</span></div>
      <p aria-hidden="true">${this.pointed}</p>
    `
  }

  protected override updated(): void {
    const slice = this.slice()
    if (slice && slice.rows > 0 && slice.columns > 0) this.paintSlice(slice)
    paint(this.legend, LEGEND_STEPS, 1, (_, column) => this.colour((2 * column) / (LEGEND_STEPS - 1) - 1, 1))
  }

  private paintSlice(slice: Slice): void {
    const scale = this.scale()
    paint(this.map, slice.columns, slice.rows, (row, column) => this.colour(toNumber(slice.at(row, column)), scale))
    // Cells are square where there is room: the height follows from the shape, by CSSOM as the CSP allows.
    this.map.style.aspectRatio = `${slice.columns} / ${Math.max(slice.rows, slice.columns / 24)}`
  }

  private colour(x: number, scale: number) {
    return divergingRgb(x, scale, this.theme)
  }

  private slice(): Slice | null {
    return this.tensor && sliceOf(this.tensor, this.held)
  }

  private scale(): number {
    return scaleOf((this.tensor?.data ?? []).map(toNumber))
  }

  private point = (event: PointerEvent) => {
    const slice = this.slice()
    if (!slice) return
    const box = this.map.getBoundingClientRect()
    const row = Math.min(slice.rows - 1, Math.floor(((event.clientY - box.top) / box.height) * slice.rows))
    const column = Math.min(slice.columns - 1, Math.floor(((event.clientX - box.left) / box.width) * slice.columns))
    if (row >= 0 && column >= 0) this.name(`[${row}, ${column}] = ${formatNumber(slice.at(row, column))}`)
  }

  private name(pointed: string): void {
    this.pointed = pointed
  }
}

type Colour = (row: number, column: number) => readonly [number, number, number]

function paint(canvas: HTMLCanvasElement, width: number, height: number, colour: Colour): void {
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return
  const image = context.createImageData(width, height)
  for (let i = 0; i < width * height; i += 1) {
    const [red, green, blue] = colour(Math.floor(i / width), i % width)
    image.data.set([red, green, blue, 255], 4 * i)
  }
  context.putImageData(image, 0, 0)
}
