/**
 * Leaves that stand above or below the operation that takes them, in its column, instead of in a column of their own. Pure.
 *
 * A module's own parameters and buffers do, first above, then below, and so on outwards: a layer reads as one tower. So does a leaf
 * that would otherwise stand under an open room, for that would cost the height of the room.
 */

import type { Edge, Graph, Node } from '../api/types'

/** Space that a node asks for: its card, and above and below it the numbers. */
export interface NodeSize {
  width: number
  card: number
  above: number
  below: number
}

export interface Satellite {
  leaf: string
  edge: Edge
  side: 'above' | 'below'
  /** 0 stands next to the operation, 1 behind that one. */
  level: number
}

/** An operation with its satellites as one box. Points are from the box's top left corner. */
export interface Tower {
  width: number
  height: number
  /** The top left corner of each card, without the numbers. */
  cards: ReadonlyMap<string, { x: number; y: number }>
  /** By leaf: where its edge runs down beside the cards. */
  channels: ReadonlyMap<string, number>
}

const TOWER_GAP = 14
/** Beside the cards, for the edge of the first satellite of each side, and for each further one. */
const CHANNEL = { first: 12, next: 9 }

/** The satellites by operation. `childIn`: what of the room holds the node; `groupOf`: the room of a node. */
export function satellitesOf(
  graph: Graph,
  groupOf: ReadonlyMap<string, string | null>,
  childIn: (room: string | null, node: string) => string | null,
): Map<string, Satellite[]> {
  const taken = new Set(graph.edges.map((e) => e.target))
  const satellites = new Map<string, Satellite[]>()
  for (const node of graph.nodes) {
    const room = groupOf.get(node.id) ?? null
    const inRoom = graph.edges.filter((e) => e.source === node.id && childIn(room, e.target) !== null)
    const [edge] = inRoom
    if (node.op !== null || taken.has(node.id) || edge === undefined || inRoom.length > 1) continue
    if ((groupOf.get(edge.target) ?? null) !== room) continue
    const own = isOwn(node, room)
    if (!own && !graph.edges.some((e) => e.target === edge.target && isRoom(e.source, room, groupOf, childIn))) continue
    const row = satellites.get(edge.target) ?? []
    satellites.set(edge.target, row)
    const side = own && row.length % 2 === 0 ? 'above' : 'below'
    row.push({ leaf: node.id, edge, side, level: row.filter((s) => s.side === side).length })
  }
  return satellites
}

/** A parameter or a buffer that belongs to the group in which it stands. */
function isOwn(node: Node, room: string | null): boolean {
  return room !== null && (node.kind === 'parameter' || node.kind === 'buffer')
}

function isRoom(
  source: string,
  room: string | null,
  groupOf: ReadonlyMap<string, string | null>,
  childIn: (room: string | null, node: string) => string | null,
): boolean {
  const child = childIn(room, source)
  return child !== null && child !== source && groupOf.has(source)
}

/** Stacks an operation and its satellites around one axis, with channels for their edges at the left. */
export function towerOf(operation: string, satellites: readonly Satellite[], size: (node: string) => NodeSize): Tower {
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

/** The edges into an operation from top to bottom: so that those of the satellites cross no other. */
export function entering(edges: readonly Edge[], satellites: readonly Satellite[]): readonly Edge[] {
  const on = (side: Satellite['side']) => satellites.filter((s) => s.side === side).map((s) => s.edge)
  const apart = new Set(satellites.map((s) => s.edge))
  return [...on('above'), ...edges.filter((e) => !apart.has(e)), ...on('below').reverse()]
}
