/** The minimap: the whole drawing in a corner of the stage, with the part that is in view and the card of the step. */

import { css, html, LitElement, nothing, svg } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Rectangle } from './geometry'

/** The size of the map in CSS pixels. A long, low drawing is stretched to the least height, for a map of one pixel says nothing. */
const SIZE = { width: 172, least: 34, most: 104 }
/** The most rooms that are drawn: with more of them one would see nothing but walls. */
const MOST_ROOMS = 40
/** The part of the view by which an arrow key moves it. */
const STRIDE = 0.4

/** The part of a drawing that a map shows: its size, its cards and the rooms around them. */
export interface MapDrawing {
  width: number
  height: number
  cards: ReadonlyMap<string, Rectangle>
  rooms: ReadonlyMap<string, Rectangle>
}

@customElement('gw-minimap')
export class Minimap extends LitElement {
  @property({ attribute: false }) layout: MapDrawing | null = null
  /** The part of the plane that the stage shows. */
  @property({ attribute: false }) window: Rectangle | null = null
  /** The card of the current step. */
  @property({ attribute: false }) active: Rectangle | null = null

  static override styles = css`
    :host {
      display: block;
      border: 1px solid var(--line-strong);
      border-radius: 8px;
      background: var(--card);
      line-height: 0;
      overflow: hidden;
    }
    svg {
      cursor: crosshair;
      touch-action: none;
    }
    svg:focus-visible {
      outline: 3px solid var(--focus);
      outline-offset: -3px;
    }
    .room {
      fill: var(--room);
      stroke: var(--line-strong);
    }
    .cards {
      fill: var(--muted);
    }
    .active {
      fill: var(--gradient-fill);
    }
    .window {
      fill: var(--value-fill);
      fill-opacity: 0.14;
      stroke: var(--value-fill);
      stroke-width: 2;
    }
    .room,
    .window {
      vector-effect: non-scaling-stroke;
    }
  `

  override render() {
    const { layout, window: view, active } = this
    if (layout === null || view === null) return nothing
    const height = Math.max(SIZE.least, Math.min(SIZE.most, (SIZE.width * layout.height) / layout.width))
    const [across, down] = [SIZE.width / layout.width, height / layout.height]
    const seen = {
      x: clamp(view.x, 0, layout.width),
      y: clamp(view.y, 0, layout.height),
      right: clamp(view.x + view.width, 0, layout.width),
      bottom: clamp(view.y + view.height, 0, layout.height),
    }
    const dot = active && { x: (active.x + active.width / 2) * across, y: (active.y + active.height / 2) * down }
    return html`<svg width=${SIZE.width} height=${height} role="slider" tabindex="0"
      aria-label="Overview of the graph: arrow keys move the view" aria-valuemin="0" aria-valuemax="100"
      aria-valuenow=${Math.round((100 * clamp(view.x + view.width / 2, 0, layout.width)) / layout.width)}
      aria-valuetext=${this.where(view, layout)}
      @pointerdown=${this.onPointer} @pointermove=${this.onPointer} @keydown=${this.onKey} @click=${stop} @dblclick=${stop}>
      ${svg`<path class="room" d=${outlines(layout.rooms.size > MOST_ROOMS ? [] : layout.rooms.values(), across, down, 0)}></path>
      <path class="cards" d=${outlines(layout.cards.values(), across, down, 1.5)}></path>
      <rect class="window" x=${seen.x * across} y=${seen.y * down} rx="2"
        width=${Math.max(4, (seen.right - seen.x) * across)} height=${Math.max(4, (seen.bottom - seen.y) * down)}></rect>
      ${dot ? svg`<circle class="active" cx=${dot.x} cy=${dot.y} r="4"></circle>` : nothing}`}
    </svg>`
  }

  private where(view: Rectangle, layout: MapDrawing): string {
    const percent = (part: number, whole: number) => Math.round((100 * clamp(part, 0, whole)) / whole)
    const [left, right] = [percent(view.x, layout.width), percent(view.x + view.width, layout.width)]
    const [top, bottom] = [percent(view.y, layout.height), percent(view.y + view.height, layout.height)]
    return `${left} to ${right} % of the width, ${top} to ${bottom} % of the height`
  }

  private onPointer = (event: PointerEvent) => {
    if (event.type === 'pointermove' && event.buttons !== 1) return
    const map = event.currentTarget as SVGSVGElement
    event.stopPropagation()
    if (event.type === 'pointerdown') map.setPointerCapture(event.pointerId)
    const box = map.getBoundingClientRect()
    const { width, height } = this.layout ?? { width: 0, height: 0 }
    this.look(((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height)
  }

  private onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    const view = this.window
    if (step === undefined || view === null || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    const [right = 0, down = 0] = step
    this.look(view.x + view.width * (0.5 + right * STRIDE), view.y + view.height * (0.5 + down * STRIDE))
  }

  private look(x: number, y: number): void {
    this.dispatchEvent(new CustomEvent('gw-look', { detail: { x, y } }))
  }
}

function stop(event: Event): void {
  event.stopPropagation()
}

function clamp(x: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, x))
}

/** Return one path for many rectangles, none of them smaller than `least` pixels. */
function outlines(boxes: Iterable<Rectangle>, across: number, down: number, least: number): string {
  const parts: string[] = []
  for (const { x, y, width, height } of boxes) {
    const [w, h] = [Math.max(least, width * across), Math.max(least, height * down)]
    parts.push(
      `M${(x * across).toFixed(1)},${(y * down).toFixed(1)}h${w.toFixed(1)}v${h.toFixed(1)}h${(-w).toFixed(1)}z`,
    )
  }
  return parts.join('')
}
