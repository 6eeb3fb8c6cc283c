/** Dragging the number of a card sideways. The number does not move: the page is told how far the pointer has gone. */

import { paceOf } from '../core/scrubbing'
import type { PageEvents } from '../ui/events'

/** CSS pixels by which a pointer may slip during a click. */
const SLIP = 3
const HANDLE = 'g.node.pullable > g.above .number'

/** Tell whether a press on an element holds a number, and not the plane. */
export function isHandle(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(HANDLE) !== null
}

export class NumberDrag {
  private hold: { pointer: number; node: string; last: number; moves: boolean } | null = null

  /** `tell` is called for every move, with the pixels since the last one. */
  constructor(
    private readonly svg: SVGSVGElement,
    private readonly tell: (pull: PageEvents['gw-pull']) => void,
  ) {
    svg.addEventListener('pointerdown', this.onDown)
    svg.addEventListener('pointermove', this.onMove)
    svg.addEventListener('pointerup', this.onUp)
    svg.addEventListener('pointercancel', this.letGo)
  }

  private readonly onDown = (event: PointerEvent) => {
    if (event.button !== 0 || !event.isPrimary || !isHandle(event.target)) return
    const node = (event.target as Element).closest<SVGGElement>('g.node')?.dataset.node
    if (node !== undefined) this.hold = { pointer: event.pointerId, node, last: event.clientX, moves: false }
  }

  private readonly onMove = (event: PointerEvent) => {
    const { hold } = this
    if (hold === null || event.pointerId !== hold.pointer) return
    const pixels = event.clientX - hold.last
    if (!hold.moves && Math.abs(pixels) < SLIP) return
    const begins = !hold.moves
    hold.moves = true
    hold.last = event.clientX
    if (begins) {
      // the svg holds the pointer, for the number is drawn anew with every answer of the server
      this.svg.setPointerCapture(event.pointerId)
      this.svg.classList.add('pulling')
    }
    this.tell({ node: hold.node, pixels, pace: paceOf(event), begins })
  }

  private readonly onUp = (event: PointerEvent) => {
    if (this.hold?.pointer === event.pointerId && this.hold.moves) this.swallowClick()
    this.letGo()
  }

  private readonly letGo = () => {
    this.hold = null
    this.svg.classList.remove('pulling')
  }

  /** Keep the end of a drag from being a click on the card below. */
  private swallowClick(): void {
    const stop = (event: Event) => event.stopImmediatePropagation()
    this.svg.addEventListener('click', stop, { capture: true, once: true })
    // a click that comes later is meant as one
    window.setTimeout(() => this.svg.removeEventListener('click', stop, { capture: true }), 0)
  }
}
