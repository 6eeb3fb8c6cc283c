/** For the tests: sizes of cards, and the faults of a drawing. */

import { randomNumbers } from '../../core/testing'
import type { Point, Rectangle } from '../geometry'
import type { View } from './graph-view'
import { type Layout, ROOM_TITLE } from './layout'
import type { CardSize } from './satellites'

/** Return a size that differs from card to card. */
export function someSize(id: string): CardSize {
  const random = randomNumbers([...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 100_000)
  random()
  const numbers = 20 + Math.floor(random() * 3) * 22
  return { width: 58 + random() * 110, card: id.startsWith('n') ? 52 : 102, above: numbers, below: numbers }
}

type Outline = Rectangle & { what: string }

/** Return the faults of a drawing: one thing over another, something outside of its room, an edge through a card or a title. */
export function faultsOf(view: View, drawn: Layout, size: (card: string) => CardSize): string[] {
  const cards = view.cards.map((card): Outline => {
    const box = drawn.cards.get(card.id)
    const { above, below } = size(card.id)
    if (box === undefined) throw new Error(`${card.id} is not drawn`)
    return { ...box, what: card.id, y: box.y - above, height: box.height + above + below }
  })
  const titles = view.rooms.map((room): Outline => {
    return { ...(drawn.rooms.get(room.id) as Rectangle), what: `the title of ${room.id}`, height: ROOM_TITLE }
  })
  const closed = [...cards, ...titles]
  const faults: string[] = []
  for (const [a, b] of overlaps(closed)) faults.push(`${a.what} overlaps ${b.what}`)
  for (const { id, room } of view.cards) {
    const box = cards.find((card) => card.what === id) as Outline
    const walls = room === null ? { x: 0, y: 0, width: drawn.width, height: drawn.height } : drawn.rooms.get(room)
    if (walls === undefined || !inside(box, walls)) faults.push(`${id} is not in ${room ?? 'the drawing'}`)
  }
  for (const wire of view.wires) {
    const path = drawn.paths.get(wire.id)
    if (path === undefined) faults.push(`${wire.id} is not drawn`)
    const ends = new Set([wire.source, wire.target])
    for (const box of crossed(path ?? [], drawn.brackets.has(wire.id), closed))
      if (!ends.has(box.what)) faults.push(`${wire.id} runs through ${box.what}`)
  }
  return faults
}

function inside(a: Rectangle, b: Rectangle): boolean {
  const [right, bottom] = [b.x + b.width + 0.5, b.y + b.height + 0.5]
  return a.x >= b.x - 0.5 && a.y >= b.y - 0.5 && a.x + a.width <= right && a.y + a.height <= bottom
}

function overlaps(boxes: readonly Outline[]): [Outline, Outline][] {
  const sorted = [...boxes].sort((a, b) => a.x - b.x)
  const found: [Outline, Outline][] = []
  for (const [i, a] of sorted.entries())
    for (let j = i + 1; j < sorted.length; j += 1) {
      const b = sorted[j] as Outline
      if (b.x >= a.x + a.width - 0.5) break
      if (a.y < b.y + b.height - 0.5 && b.y < a.y + a.height - 0.5) found.push([a, b])
    }
  return found
}

const PIECES = 12

/** Return the boxes that a path enters by more than a pixel, by sampling its curves. */
function crossed(path: readonly Point[], bracket: boolean, boxes: readonly Outline[]): Outline[] {
  const found = new Set<Outline>()
  for (const [i, to] of path.entries()) {
    const from = path[i - 1]
    if (from === undefined) continue
    const near = boxes.filter((b) => b.x < Math.max(from.x, to.x) && Math.min(from.x, to.x) < b.x + b.width)
    const level = Math.abs(from.y - to.y) < 0.5
    for (const box of near) {
      if (level) {
        if (from.y > box.y + 1 && from.y < box.y + box.height - 1) found.add(box)
        continue
      }
      for (let k = 0; k <= PIECES; k += 1) {
        const t = k / PIECES
        const x = bracket ? from.x + (to.x - from.x) * t : bump(from.x, to.x, t)
        const y = bracket ? from.y + (to.y - from.y) * t : from.y + (to.y - from.y) * (3 - 2 * t) * t * t
        const within = x > box.x + 1 && x < box.x + box.width - 1 && y > box.y + 1 && y < box.y + box.height - 1
        if (within) found.add(box)
      }
    }
  }
  return [...found]
}

/** Return the x of d3's curveBumpX: a cubic whose inner points stand in the middle. */
function bump(from: number, to: number, t: number): number {
  const middle = (from + to) / 2
  return from * (1 - t) ** 3 + 3 * middle * t * (1 - t) ** 2 + 3 * middle * t * t * (1 - t) + to * t ** 3
}
