/** The search for a place where a remark covers no card, number or title. Pure. */

import type { Tensor } from '../../core/contract'
import { formatTensorLabel } from '../../core/numbers'
import type { Frame } from '../../walk/model'
import type { Point, Rectangle } from '../geometry'
import { blockOf, NUMBERS_GAP } from '../tensor-drawing'
import type { Layout } from './layout'

export interface Size {
  width: number
  height: number
}

/** The tensors on show, by card. */
type Shown = Pick<Frame, 'values' | 'gradients' | 'accumulated'> & { without?: ReadonlySet<string> }

const CLEAR = 3
/** The average width of a letter of a number beside a card. */
const LETTER = 10.4
/** The size of the word None below a leaf that got no gradient. */
const NONE: Size = { width: 50, height: 22 }
/** The height of a room's title: nothing may be written across it. */
const TITLE_HEIGHT = 26

/** A place and the area of the obstacles that is covered there: 0 when none is touched. */
export interface Spot extends Point {
  covered: number
}

/** Return the first of `wishes` (middles) at which a remark of this size touches no obstacle, else the one that covers least. */
export function freeSpot(size: Size, wishes: readonly Point[], obstacles: readonly Rectangle[]): Spot {
  let best: Spot = { x: 0, y: 0, covered: Number.POSITIVE_INFINITY }
  const near = nearTo(wishes, size, obstacles)
  for (const wish of wishes) {
    const own = around(wish, size)
    const covered = near.reduce((sum, o) => sum + overlap(own, o), 0)
    if (covered < best.covered) best = { ...wish, covered }
    if (covered === 0) break
  }
  return best
}

/** Return the few obstacles of a drawing that a remark could touch at any of its wishes; only these are compared with each wish. */
function nearTo(wishes: readonly Point[], { width, height }: Size, obstacles: readonly Rectangle[]): Rectangle[] {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const { x, y } of wishes) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  const all = { x: left - width / 2, y: top - height / 2, width: right - left + width, height: bottom - top + height }
  return obstacles.filter((obstacle) => overlap(all, obstacle) > 0)
}

/** Return the wishes at which a remark can be seen; one that is cut at the left or right end of the view is moved in. */
export function inside(wishes: readonly Point[], { width, height }: Size, view: Rectangle): Point[] {
  const [left, right] = [view.x + width / 2, view.x + view.width - width / 2]
  return wishes
    .filter(({ y }) => y - height / 2 >= view.y && y + height / 2 <= view.y + view.height)
    .map(({ x, y }) => ({ x: Math.max(left, Math.min(right, x)), y }))
}

/** Return points below and above a middle, and at their sides, at distances from `least` to `most`, the nearest first. */
export function upAndDown({ x, y }: Point, least: number, most: number, sideways: readonly number[] = [0]): Point[] {
  const wishes: Point[] = []
  for (let away = least; away <= most; away += 8)
    for (const at of [y + away, y - away]) wishes.push(...sideways.map((aside) => ({ x: x + aside, y: at })))
  return wishes
}

/** Return the rectangle of a size around a middle. */
export function around({ x, y }: Point, { width, height }: Size): Rectangle {
  return { x: x - width / 2, y: y - height / 2, width, height }
}

/** Return the rectangles of cards, of the numbers that stand at them in this frame, and of the titles of rooms. */
export function obstaclesOf(layout: Layout, frame: Shown): Rectangle[] {
  const titles = [...layout.rooms.values()].map((room) => ({ ...room, height: TITLE_HEIGHT }))
  return [...layout.cards.values(), ...titles, ...numbersOf(layout, frame)]
}

/** Return the rectangles of the values above the cards and of the gradients below them. */
export function numbersOf(layout: Layout, shown: Shown): Rectangle[] {
  return [...layout.cards].flatMap(([id, card]) => {
    const value = shown.values.get(id)?.[0]
    const gradient = shown.accumulated.get(id) ?? shown.gradients.get(id)
    const none = shown.without?.has(id) ? NONE : undefined
    const [above, below] = [value && extent(value), gradient ? extent(gradient) : none]
    const x = card.x + card.width / 2
    return [
      ...(above ? [around({ x, y: card.y - NUMBERS_GAP - above.height / 2 }, above)] : []),
      ...(below ? [around({ x, y: card.y + card.height + NUMBERS_GAP + below.height / 2 }, below)] : []),
    ]
  })
}

const extents = new WeakMap<Tensor, Size>()

/** The widths of tensors, which are as wide as their letters. They are kept, for every frame asks and formatting a number takes long. */
function extent(tensor: Tensor): Size {
  const known = extents.get(tensor)
  if (known !== undefined) return known
  const block = blockOf(tensor.shape)
  const size = block.look === 'number' ? { ...block, width: formatTensorLabel(tensor).length * LETTER } : block
  extents.set(tensor, size)
  return size
}

/** Tell whether a remark covers none of the obstacles, however close they are. */
export function isFree(box: Rectangle, obstacles: readonly Rectangle[]): boolean {
  return obstacles.every((obstacle) => overlap(box, obstacle, 0) === 0)
}

function overlap(a: Rectangle, b: Rectangle, clear = CLEAR): number {
  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) + clear
  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) + clear
  return Math.max(0, wide) * Math.max(0, high)
}
