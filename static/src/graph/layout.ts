/** From a graph to a drawing: cards, rooms that contain their cards, and the paths of edges. Pure and deterministic. */

import type { Edge, Graph } from '../api/types'
import { type Box, type Link, layers } from './layers'

export interface Point {
  x: number
  y: number
}

export interface Rectangle extends Point {
  width: number
  height: number
}

/** Space that a node asks for: its card, and above and below it the numbers. */
export interface NodeSize {
  width: number
  card: number
  above: number
  below: number
}

export interface Layout {
  width: number
  height: number
  /** The card of every visible node, without the numbers above and below. */
  cards: ReadonlyMap<string, Rectangle>
  /** Open groups. */
  rooms: ReadonlyMap<string, Rectangle>
  /** Closed groups, drawn as cards. */
  closed: ReadonlyMap<string, Rectangle>
  /** Points of every visible edge, from source to target. */
  paths: ReadonlyMap<string, readonly Point[]>
}

const ROOM_PADDING = 16
const ROOM_TITLE = 26
const CLOSED = { width: 118, height: 64 }
const ROOM_GAP = 40
/** A few columns stand wide apart, so that a travelling number fits between them. */
const STAGE_GAP = (columns: number) => (columns <= 6 ? 88 : 52)
const DOOR_HEIGHT = 10
const SPREAD = 11

interface Room {
  id: string | null
  boxes: Box[]
  children: Map<string, Room>
  placed: ReturnType<typeof layers>
  links: Link[]
  width: number
  height: number
}

/** Lays out what is visible when the groups of `open` are open. `size` gives the space that a node asks for. */
export function layout(graph: Graph, open: ReadonlySet<string>, size: (node: string) => NodeSize): Layout {
  return new Drawing(graph, open, size).draw()
}

class Drawing {
  private readonly parents: Map<string, string | null>
  private readonly groupOf: Map<string, string | null>
  private readonly cards = new Map<string, Rectangle>()
  private readonly rooms = new Map<string, Rectangle>()
  private readonly closed = new Map<string, Rectangle>()
  private readonly segments = new Map<string, Point[]>()

  constructor(
    private readonly graph: Graph,
    private readonly open: ReadonlySet<string>,
    private readonly size: (node: string) => NodeSize,
  ) {
    this.parents = new Map(graph.groups.map((g) => [g.id, g.parent]))
    const walls = roomsWorthDrawing(graph)
    this.groupOf = new Map(
      graph.nodes.map((n) => [
        n.id,
        n.group !== null && !walls.has(n.group) ? (this.parents.get(n.group) ?? null) : n.group,
      ]),
    )
  }

  draw(): Layout {
    const root = this.arrange(null)
    this.settle(root, { x: 0, y: 0 })
    return {
      width: root.width,
      height: root.height,
      cards: this.cards,
      rooms: this.rooms,
      closed: this.closed,
      paths: this.paths(),
    }
  }

  /** The child of `room` that holds the node: the node itself or a group; null when the node is elsewhere. */
  private childIn(room: string | null, node: string): string | null {
    let child = node
    let parent = this.groupOf.get(node) ?? null
    while (parent !== room) {
      if (parent === null) return null
      child = parent
      parent = this.parents.get(parent) ?? null
    }
    return child
  }

  /** Lays out the inside of a room (null: the whole stage), its open rooms first. */
  private arrange(id: string | null): Room {
    const children = new Map<string, Room>()
    const boxes: Box[] = []
    for (const node of this.graph.nodes) {
      const child = this.childIn(id, node.id)
      if (child === null || boxes.some((b) => b.id === child)) continue
      boxes.push(this.boxOf(child, node.id, children))
    }
    const links = this.linksOf(id, boxes, children)
    const placed = withLoose(boxes, links, id === null ? STAGE_GAP : () => ROOM_GAP)
    const padding = id === null ? 0 : ROOM_PADDING
    const title = id === null ? 0 : ROOM_TITLE
    return {
      id,
      boxes,
      children,
      placed,
      links,
      width: Math.max(placed.width + 2 * padding, this.titleWidth(id)),
      height: placed.height + 2 * padding + title,
    }
  }

  /** A room is at least as wide as its title. */
  private titleWidth(id: string | null): number {
    const group = this.graph.groups.find((g) => g.id === id)
    return group === undefined ? 0 : (Math.min(group.name.length, 14) + Math.min(group.type.length, 14)) * 8 + 52
  }

  private boxOf(child: string, node: string, children: Map<string, Room>): Box {
    if (child === node) {
      const { width, card, above, below } = this.size(node)
      return { id: child, width, height: card + above + below }
    }
    if (!this.open.has(child)) return { id: child, ...CLOSED }
    const room = this.arrange(child)
    children.set(child, room)
    return { id: child, width: room.width, height: room.height }
  }

  /** Links between the boxes of a room; edges that leave or enter it go through doors, one per outside tensor. */
  private linksOf(id: string | null, boxes: Box[], children: ReadonlyMap<string, Room>): Link[] {
    const links: Link[] = []
    const doors = new Set<string>()
    const door = (name: string, hold: 'first' | 'last') => {
      if (!doors.has(name)) boxes.push({ id: name, width: 0, height: DOOR_HEIGHT, hold })
      doors.add(name)
      return name
    }
    for (const edge of this.graph.edges) {
      const [from, to] = [this.childIn(id, edge.source), this.childIn(id, edge.target)]
      if (from === to) continue
      links.push({
        id: edge.id,
        from: from ?? door(entry(edge), 'first'),
        to: to ?? door(exit(edge), 'last'),
        fromY: from === null ? DOOR_HEIGHT / 2 : this.touch(from, edge, children, exit(edge)),
        toY: to === null ? DOOR_HEIGHT / 2 : this.touch(to, edge, children, entry(edge)) + this.spread(to, edge),
      })
    }
    return links
  }

  /** Where an edge touches a box, from its top: the middle of a card, or the door of a room. */
  private touch(box: string, _edge: Edge, children: ReadonlyMap<string, Room>, door: string): number {
    const room = children.get(box)
    if (room !== undefined) return ROOM_TITLE + ROOM_PADDING + (room.placed.boxes.get(door)?.y ?? 0) + DOOR_HEIGHT / 2
    if (this.parents.has(box)) return CLOSED.height / 2
    const { above, card } = this.size(box)
    return above + card / 2
  }

  /** Edges that enter one card enter it a little apart. */
  private spread(box: string, edge: Edge): number {
    if (box !== edge.target) return 0
    const entering = this.graph.edges.filter((e) => e.target === edge.target)
    return (entering.indexOf(edge) - (entering.length - 1) / 2) * Math.min(SPREAD, 30 / entering.length)
  }

  /** Turns a room's own coordinates into the stage's, and collects the pieces of the paths. */
  private settle(room: Room, at: Point): void {
    const inset = room.id === null ? { x: 0, y: 0 } : { x: ROOM_PADDING, y: ROOM_PADDING + ROOM_TITLE }
    const origin = { x: at.x + inset.x, y: at.y + inset.y }
    if (room.id !== null) this.rooms.set(room.id, { ...at, width: room.width, height: room.height })
    const place = (id: string) => {
      const p = room.placed.boxes.get(id) ?? { x: 0, y: 0 }
      return { x: origin.x + p.x, y: origin.y + p.y }
    }
    for (const box of room.boxes) {
      const child = room.children.get(box.id)
      if (child !== undefined) this.settle(child, place(box.id))
      else if (this.parents.has(box.id)) this.closed.set(box.id, { ...place(box.id), ...CLOSED })
      else if (this.groupOf.has(box.id)) this.cards.set(box.id, this.card(box, place(box.id)))
    }
    for (const link of room.links) {
      const bends = (room.placed.bends.get(link.id) ?? []).map((p) => ({ x: origin.x + p.x, y: origin.y + p.y }))
      const [from, to] = [place(link.from), place(link.to)]
      const width = room.boxes.find((b) => b.id === link.from)?.width ?? 0
      const start = { x: from.x + width, y: from.y + link.fromY }
      const end = { x: to.x, y: to.y + link.toY }
      this.segments.set(link.id, [...(this.segments.get(link.id) ?? []), start, ...bends, end])
    }
  }

  private card(box: Box, at: Point): Rectangle {
    const { above, card } = this.size(box.id)
    return { x: at.x, y: at.y + above, width: box.width, height: card }
  }

  /** One path per edge, its pieces of several rooms joined from left to right. */
  private paths(): Map<string, readonly Point[]> {
    const paths = new Map<string, readonly Point[]>()
    for (const [id, points] of this.segments) {
      const sorted = [...points].sort((a, b) => a.x - b.x)
      paths.set(
        id,
        sorted.filter((p, i) => i === 0 || p.x - (sorted[i - 1]?.x ?? 0) > 2 || i === sorted.length - 1),
      )
    }
    return paths
  }
}

/** A module that is a single operation (a ReLU, a loss) is its card: walls around it would only take space. */
function roomsWorthDrawing(graph: Graph): Set<string> {
  const content = new Map<string, number>()
  for (const id of [...graph.nodes.map((n) => n.group), ...graph.groups.map((g) => g.parent)]) {
    if (id !== null) content.set(id, (content.get(id) ?? 0) + 1)
  }
  const parents = new Set(graph.groups.map((g) => g.parent))
  return new Set([...content].filter(([id, count]) => count > 1 || parents.has(id)).map(([id]) => id))
}

const entry = (edge: Edge) => `in:${edge.source}:${edge.output}`
const exit = (edge: Edge) => `out:${edge.source}:${edge.output}`

const LOOSE_GAP = 28
const LOOSE_WIDTH = 560

/** Lays out the linked boxes, and the loose ones in rows below them. */
function withLoose(
  boxes: readonly Box[],
  links: readonly Link[],
  gapOf: (columns: number) => number,
): ReturnType<typeof layers> {
  const linked = new Set(links.flatMap((l) => [l.from, l.to]))
  const placed = layers(
    boxes.filter((b) => linked.has(b.id)),
    links,
    gapOf,
  )
  const all = new Map(placed.boxes)
  let [x, y, row, width] = [0, placed.height === 0 ? 0 : placed.height + LOOSE_GAP, 0, placed.width]
  for (const box of boxes.filter((b) => !linked.has(b.id))) {
    if (x > 0 && x + box.width > Math.max(LOOSE_WIDTH, placed.width)) [x, y, row] = [0, y + row + LOOSE_GAP, 0]
    all.set(box.id, { x, y })
    width = Math.max(width, x + box.width)
    row = Math.max(row, box.height)
    x += box.width + LOOSE_GAP
  }
  return { ...placed, boxes: all, width, height: x === 0 ? placed.height : y + row }
}
