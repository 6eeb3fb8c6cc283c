/** The animation of a new view: cards glide from their old places to their new ones, so that the eye can follow. */

import type { Camera } from '../camera'
import type { Point } from '../geometry'
import type { Layout } from './layout'

const MILLISECONDS = 260
/** The most cards that glide: with more of them nobody could follow, and the browser would stutter. */
const MOST = 300

/** The place of every card and room on the stage, in CSS pixels. */
export type DrawnPositions = ReadonlyMap<string, Point>

/** Return where the cards and rooms of a layout stand on the stage. */
export function placesOf({ cards, rooms }: Layout, camera: Camera): DrawnPositions {
  return new Map([...cards, ...rooms].map(([id, box]) => [id, camera.onStage(box)]))
}

/** Start the animation. The drawing itself is already in its final state. */
export function glide(canvas: SVGGElement, layout: Layout, before: DrawnPositions, camera: Camera): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  if (still || layout.cards.size > MOST) return
  const timing = { duration: MILLISECONDS, easing: 'ease-out' }
  for (const element of canvas.querySelectorAll<SVGGElement>('g.node, g.closed-room, g.room')) {
    const id = element.dataset.node ?? element.dataset.fold ?? ''
    const [was, is] = [before.get(id), layout.cards.get(id) ?? layout.rooms.get(id)]
    if (was === undefined || is === undefined) {
      element.animate([{ opacity: 0 }, { opacity: 1 }], timing)
      continue
    }
    const from = camera.onPlane(was)
    if (Math.hypot(from.x - is.x, from.y - is.y) < 1) continue
    element.animate([{ transform: shift(from) }, { transform: shift(is) }], timing)
  }
  canvas.querySelector('g.edges')?.animate([{ opacity: 0 }, { opacity: 0 }, { opacity: 1 }], timing)
}

function shift({ x, y }: Point): string {
  return `translate(${x}px, ${y}px)`
}
