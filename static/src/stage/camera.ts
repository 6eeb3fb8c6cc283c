/** The camera: which part of the drawing's plane is on the stage, and how large. */

import { select } from 'd3-selection'
import { type ZoomBehavior, zoom, zoomIdentity } from 'd3-zoom'
import { SMALL_STAGE } from '../ui/screen-sizes'
import type { Point, Rectangle } from './geometry'
import { isHandle } from './number-drag'

/** CSS pixels that are kept free: above for the legend, below for the narration. */
const MARGIN = { x: 20, top: 42, bottom: 98 }
/** The same where legend and narration stand outside of the stage. */
const TIGHT: typeof MARGIN = { x: 12, top: 10, bottom: 10 }
/** The same on a small stage, which has the narration below it. */
const SMALL = { bottom: 22 }
/** The same on a low stage, which has no legend. `height`: the height in CSS pixels up to which the styles hide it. */
const LOW = { top: 24, height: 360 }
/** CSS pixels between the drawing and the left and right end of the stage. */
const EDGE = 8

/** The direction of a camera: CSS pixels of the stage are units of the plane, times `k`, plus `x` and `y`. */
export interface Sight {
  k: number
  x: number
  y: number
  /** All of the drawing is in view (`whole`); the reader has moved it since the last `fit` (`moved`). */
  whole: boolean
  moved: boolean
}

/**
 * The scales of a drawing. Down to `whole` (`beside` another drawing, whose letters are larger) a drawing is made smaller so that all
 * of it is seen, for a part would say less. A drawing that must be cut anyway has the scale `read`, which can be read from the last
 * row. Above `most` a card would look coarse.
 */
const SCALES = { whole: 0.65, beside: 0.7, read: 0.8, most: 1.5, least: 0.02, nearest: 4 }

export class Camera {
  private readonly behaviour: ZoomBehavior<SVGSVGElement, unknown> = zoom<SVGSVGElement, unknown>()
  private readonly small = window.matchMedia(SMALL_STAGE)
  /** The smallest scale at which a drawing is shown whole. */
  private readonly least: number
  private transform = zoomIdentity
  /** True when the reader has moved or zoomed the drawing since the last `fit`. */
  moved = false
  /** True when `fit` could show all of the drawing. */
  whole = false

  /** `onMove` is called after every change, with the transform of the plane. `tight`: legend and narration stand outside. */
  constructor(
    private readonly svg: SVGSVGElement,
    onMove: (transform: string) => void,
    private readonly tight = false,
  ) {
    this.least = tight ? SCALES.beside : SCALES.whole
    this.behaviour
      .scaleExtent([SCALES.least, SCALES.nearest])
      .filter((event: MouseEvent) => (!event.ctrlKey || event.type === 'wheel') && !event.button && !holdsNumber(event))
      .on('zoom', (event: { transform: typeof zoomIdentity; sourceEvent: Event | null }) => {
        if (event.sourceEvent !== null) this.moved = true
        this.transform = event.transform
        onMove(event.transform.toString())
      })
    select(svg)
      .call(this.behaviour)
      .on('dblclick.zoom', () => svg.dispatchEvent(new Event('fit')))
  }

  private get margin(): typeof MARGIN {
    if (this.tight) return TIGHT
    const top = this.svg.clientHeight <= LOW.height ? LOW.top : MARGIN.top
    return { x: MARGIN.x, top, bottom: this.small.matches ? SMALL.bottom : MARGIN.bottom }
  }

  /** The part of the plane that can be seen, below the legend and above the narration. */
  get window(): Rectangle {
    const { k, x, y } = this.transform
    const [width, height] = [
      this.svg.clientWidth - 2 * EDGE,
      this.svg.clientHeight - this.margin.top - this.margin.bottom,
    ]
    return { x: (EDGE - x) / k, y: (this.margin.top - y) / k, width: width / k, height: height / k }
  }

  get sight(): Sight {
    const { k, x, y } = this.transform
    return { k, x, y, whole: this.whole, moved: this.moved }
  }

  /** Look where another camera looks. */
  look({ k, x, y, whole, moved }: Sight): void {
    this.whole = whole
    this.moved = moved
    const now = this.transform
    if (now.k !== k || now.x !== x || now.y !== y) this.go(zoomIdentity.translate(x, y).scale(k))
  }

  /** Return a point of the plane as a point of the stage, in CSS pixels. */
  onStage({ x, y }: Point): Point {
    const [left, top] = this.transform.apply([x, y])
    return { x: left, y: top }
  }

  /** Return a point of the stage, in CSS pixels, as a point of the plane. */
  onPlane({ x, y }: Point): Point {
    const [left, top] = this.transform.invert([x, y])
    return { x: left, y: top }
  }

  /** Show a drawing of this size whole, or as much of it as can be read. */
  fit(size: { width: number; height: number }): void {
    if (this.svg.clientWidth === 0) return
    this.moved = false
    const [width, height] = [
      this.svg.clientWidth - 2 * this.margin.x,
      this.svg.clientHeight - this.margin.top - this.margin.bottom,
    ]
    const whole = Math.min(width / size.width, height / size.height)
    this.whole = whole >= this.least
    const k = this.whole ? Math.min(SCALES.most, whole) : SCALES.read
    const x = this.margin.x + Math.max(0, (width - size.width * k) / 2)
    const y = this.margin.top + Math.max(0, (height - size.height * k) / 2)
    this.go(zoomIdentity.translate(x, y).scale(k))
  }

  /** Tell whether `fit` would show a drawing of this size whole. */
  holds({ width, height }: { width: number; height: number }): boolean {
    const [wide, high] = [
      this.svg.clientWidth - 2 * this.margin.x,
      this.svg.clientHeight - this.margin.top - this.margin.bottom,
    ]
    return Math.min(wide / width, high / height) >= this.least
  }

  /** Zoom by a factor around the middle. */
  zoomBy(factor: number): void {
    this.moved = true
    select(this.svg).call(this.behaviour.scaleBy, factor)
  }

  /**
   * Move the plane so that the middle of `box` stands where the middle of `was` stood, or as near to it as keeps the box in view. Of a
   * box that is larger than the view, its beginning is kept in view.
   */
  hold(box: Rectangle, was: Rectangle): void {
    const { k } = this.transform
    const stage = this.onStage({ x: was.x + was.width / 2, y: was.y + was.height / 2 })
    this.whole = false
    const [wide, high] = [this.svg.clientWidth - this.margin.x, this.svg.clientHeight - this.margin.bottom]
    const x = held(stage.x - (box.width * k) / 2, box.width * k, this.margin.x, wide)
    const y = held(stage.y - (box.height * k) / 2, box.height * k, this.margin.top, high)
    this.go(zoomIdentity.translate(x - box.x * k, y - box.y * k).scale(k))
  }

  /** Move the middle of the view to a point of the plane, because the reader asked for it. */
  lookAt(point: Point): void {
    this.moved = true
    this.centre(point)
  }

  /** Bring a card into view when it is out of view. */
  bring(box: Rectangle): void {
    const { k } = this.transform
    const { x: left, y: top } = this.onStage(box)
    const [right, bottom] = [left + box.width * k, top + box.height * k]
    const inside =
      left > EDGE &&
      top > this.margin.top - 1 &&
      right < this.svg.clientWidth - EDGE &&
      bottom < this.svg.clientHeight - this.margin.bottom - 30
    if (!inside) this.centre({ x: box.x + box.width / 2, y: box.y + box.height / 2 })
  }

  private centre({ x, y }: Point): void {
    const { k } = this.transform
    const middle = { x: this.svg.clientWidth / 2, y: (this.svg.clientHeight - this.margin.bottom) / 2 + 20 }
    this.go(zoomIdentity.translate(middle.x - x * k, middle.y - y * k).scale(k))
  }

  private go(transform: typeof zoomIdentity): void {
    // a stage that is hidden, or has left the page, has no size that d3-zoom could ask for
    if (this.svg.clientWidth === 0) return
    select(this.svg).call(this.behaviour.transform, transform)
  }
}

/** Tell whether an event is a press on a number that can be dragged: it moves the number and not the plane. */
function holdsNumber({ type, target }: Event): boolean {
  return (type === 'mousedown' || type === 'touchstart') && isHandle(target)
}

/** Return a beginning near `start`, at which something of this length lies between `from` and `to`. */
function held(start: number, length: number, from: number, to: number): number {
  return Math.max(from, Math.min(start, to - length))
}
