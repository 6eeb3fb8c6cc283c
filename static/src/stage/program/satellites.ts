/**
 * Satellites: leaves that stand above or below the operation that takes them, instead of in a column of their own. Pure.
 *
 * A module's own parameters and buffers are satellites, first above, then below, and so on outwards: a layer reads as one tower. So is a
 * leaf that would otherwise stand under an open room, for that would cost the height of the room.
 */

import type { Visible, Wire } from './graph-view'

/** The space that a card asks for: `card` is its own height, `above` and `below` are those of its numbers. */
export interface CardSize {
  width: number
  card: number
  above: number
  below: number
}

export interface Satellite {
  leaf: string
  wire: Wire
  side: 'above' | 'below'
  /** The place on its side: 0 is next to the operation, 1 behind that one. */
  level: number
}

/** An operation with its satellites as one box. Points are measured from the box's top left corner. */
export interface Tower {
  width: number
  height: number
  /** The top left corner of each card, without the numbers. */
  cards: ReadonlyMap<string, { x: number; y: number }>
  /** The x at which the edge of each leaf runs down beside the cards. */
  channels: ReadonlyMap<string, number>
}

const TOWER_GAP = 14
/** The space beside the cards for the edge of the first satellite of each side, and for each further one. */
const CHANNEL = { first: 12, next: 9 }

/** Return the satellites of each operation. */
export function satellitesOf(view: Visible): Map<string, Satellite[]> {
  const cards = new Map(view.cards.map((card) => [card.id, card]))
  const parents = new Map(view.rooms.map((room) => [room.id, room.parent]))
  const isInside = (card: string, room: string | null) => {
    let at = cards.get(card)?.room ?? null
    while (at !== room && at !== null) at = parents.get(at) ?? null
    return at === room
  }
  const [leaving, entering] = [new Map<string, Wire[]>(), new Map<string, Wire[]>()]
  for (const wire of view.wires) {
    push(leaving, wire.source, wire)
    push(entering, wire.target, wire)
  }
  const satellites = new Map<string, Satellite[]>()
  for (const { id, room, leaf, learned } of view.cards) {
    if (!leaf) continue
    const inRoom = (leaving.get(id) ?? []).filter((wire) => isInside(wire.target, room))
    const [wire] = inRoom
    const target = wire && cards.get(wire.target)
    if (wire === undefined || target === undefined || inRoom.length > 1) continue
    if (target.room !== room || target.fold !== null) continue
    const own = learned && room !== null
    const takesARoom = (entering.get(target.id) ?? []).some(
      ({ source }) => isInside(source, room) && (cards.get(source)?.room !== room || cards.get(source)?.fold !== null),
    )
    if (!own && !takesARoom) continue
    const row = satellites.get(target.id) ?? []
    satellites.set(target.id, row)
    const side = own && row.length % 2 === 0 ? 'above' : 'below'
    row.push({ leaf: id, wire, side, level: row.filter((s) => s.side === side).length })
  }
  return satellites
}

function push<T>(rows: Map<string, T[]>, key: string, item: T): void {
  const row = rows.get(key)
  if (row === undefined) rows.set(key, [item])
  else row.push(item)
}

/** Stack an operation and its satellites around one axis, with channels for their edges at the left. */
export function towerOf(operation: string, satellites: readonly Satellite[], size: (card: string) => CardSize): Tower {
  const on = (side: Satellite['side']) => satellites.filter((s) => s.side === side).map((s) => s.leaf)
  const [above, below] = [on('above'), on('below')]
  const order = [...above.reverse(), operation, ...below]
  const inner = Math.max(0, ...order.map((id) => size(id).width))
  const depth = Math.max(above.length, below.length)
  const left = depth === 0 ? 0 : CHANNEL.first + (depth - 1) * CHANNEL.next
  const cards = new Map<string, { x: number; y: number }>()
  let y = 0
  for (const id of order) {
    const { width, above: over, card, below: under } = size(id)
    cards.set(id, { x: left + (inner - width) / 2, y: y + over })
    y += over + card + under + TOWER_GAP
  }
  const channels = new Map(satellites.map((s) => [s.leaf, left - CHANNEL.first - s.level * CHANNEL.next + 2]))
  return { width: left + inner, height: y - TOWER_GAP, cards, channels }
}

/** Return the wires into an operation from top to bottom, so that those of the satellites cross no other. */
export function entering(wires: readonly Wire[], satellites: readonly Satellite[]): readonly Wire[] {
  const on = (side: Satellite['side']) => satellites.filter((s) => s.side === side).map((s) => s.wire)
  const apart = new Set(satellites.map((s) => s.wire.id))
  return [...on('above'), ...wires.filter((w) => !apart.has(w.id)), ...on('below').reverse()]
}
