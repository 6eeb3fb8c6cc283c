/** From a graph to a drawing: cards, rooms that contain their cards, and the paths of edges. Pure and deterministic. */

import type { Edge, Graph } from '../api/types'
import { type Box, type Link, layers } from './layers'
import { entering, type NodeSize, type Satellite, satellitesOf, type Tower, towerOf } from './satellites'

export interface Point {
  x: number
  y: number
}

export interface Rectangle extends Point {
  width: number
  height: number
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
  /** The edges of satellites, which run down beside their tower: four points, with square corners. */
  brackets: ReadonlySet<string>
}

const ROOM_PADDING = 10
const ROOM_TITLE = 24
const CLOSED = { width: 118, height: 64 }
/** Between columns. As wide as a travelling number where there is room for it, narrower where the whole would be too wide. */
const GAP = { least: 28, most: 96 }
/** Up to this width a drawing can be shown whole, and read, beside the usual panels of a small projector. */
const SHOWN_WIDTH = 690
const DOOR_HEIGHT = 10
const SPREAD = 11

type Placed = ReturnType<typeof layers>

interface Room {
  id: string | null
  boxes: Box[]
  children: Map<string, Room>
  placed: Placed
  links: Link[]
  towers: Map<string, Tower>
  width: number
  height: number
}

/** Lays out what is visible when the groups of `open` are open. `size` gives the space that a node asks for. */
export function layout(graph: Graph, open: ReadonlySet<string>, size: (node: string) => NodeSize): Layout {
  const { gaps, ...tight } = new Drawing(graph, open, size, GAP.least).draw()
  const gap = Math.min(GAP.most, GAP.least + (SHOWN_WIDTH - tight.width) / Math.max(1, gaps))
  if (gap <= GAP.least) return tight
  const { gaps: _, ...wide } = new Drawing(graph, open, size, gap).draw()
  return wide
}

class Drawing {
  private readonly parents: Map<string, string | null>
  private readonly groupOf: Map<string, string | null>
  private readonly satellites: ReadonlyMap<string, readonly Satellite[]>
  /** By satellite: the operation that it stands beside. */
  private readonly hosts = new Map<string, string>()
  private readonly spreads = new Map<string, number>()
  private readonly cards = new Map<string, Rectangle>()
  private readonly rooms = new Map<string, Rectangle>()
  private readonly closed = new Map<string, Rectangle>()
  private readonly segments = new Map<string, Point[]>()
  private readonly brackets = new Map<string, readonly Point[]>()

  constructor(
    private readonly graph: Graph,
    private readonly open: ReadonlySet<string>,
    private readonly size: (node: string) => NodeSize,
    private readonly gap: number,
  ) {
    this.parents = new Map(graph.groups.map((g) => [g.id, g.parent]))
    const walls = roomsWorthDrawing(graph)
    this.groupOf = new Map(
      graph.nodes.map((n) => [
        n.id,
        n.group !== null && !walls.has(n.group) ? (this.parents.get(n.group) ?? null) : n.group,
      ]),
    )
    this.satellites = satellitesOf(graph, this.groupOf, (room, node) => this.childIn(room, node))
    for (const [host, row] of this.satellites) for (const { leaf } of row) this.hosts.set(leaf, host)
    this.spreadEdges()
  }

  /** `gaps`: how many gaps wide the drawing is at most. */
  draw(): Layout & { gaps: number } {
    const root = this.arrange(null)
    this.settle(root, { x: 0, y: 0 })
    return {
      width: root.width,
      height: root.height,
      gaps: gapsOf(root),
      cards: this.cards,
      rooms: this.rooms,
      closed: this.closed,
      paths: new Map([...this.paths(), ...this.brackets]),
      brackets: new Set(this.brackets.keys()),
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

  /** Edges that enter one card enter it a little apart. */
  private spreadEdges(): void {
    const byTarget = new Map<string, Edge[]>()
    for (const edge of this.graph.edges) byTarget.set(edge.target, [...(byTarget.get(edge.target) ?? []), edge])
    for (const [target, edges] of byTarget) {
      for (const [i, edge] of entering(edges, this.satellites.get(target) ?? []).entries())
        this.spreads.set(edge.id, (i - (edges.length - 1) / 2) * Math.min(SPREAD, 30 / edges.length))
    }
  }

  /** Lays out the inside of a room (null: the whole stage), its open rooms first. */
  private arrange(id: string | null): Room {
    const room: Omit<Room, 'placed' | 'width' | 'height'> = {
      id,
      boxes: [],
      children: new Map(),
      towers: new Map(),
      links: [],
    }
    const seen = new Set<string>()
    for (const node of this.graph.nodes) {
      const child = this.hosts.has(node.id) ? null : this.childIn(id, node.id)
      if (child === null || seen.has(child)) continue
      seen.add(child)
      room.boxes.push(this.boxOf(child, node.id, room))
    }
    room.links.push(...this.linksOf(room))
    const placed = withLoose(room.boxes, room.links, this.gap)
    if (id === null) return { ...room, placed, width: placed.width, height: placed.height }
    return {
      ...room,
      placed,
      width: Math.max(placed.width + 2 * ROOM_PADDING, this.titleWidth(id)),
      height: placed.height + 2 * ROOM_PADDING + ROOM_TITLE,
    }
  }

  /** A room is at least as wide as its title. */
  private titleWidth(id: string): number {
    const group = this.graph.groups.find((g) => g.id === id)
    return group === undefined ? 0 : (Math.min(group.name.length, 14) + Math.min(group.type.length, 14)) * 8 + 46
  }

  private boxOf(child: string, node: string, room: Pick<Room, 'children' | 'towers'>): Box {
    if (child === node) {
      const tower = towerOf(node, this.satellites.get(node) ?? [], this.size)
      room.towers.set(node, tower)
      return { id: child, width: tower.width, height: tower.height }
    }
    if (!this.open.has(child)) return { id: child, ...CLOSED }
    const inner = this.arrange(child)
    room.children.set(child, inner)
    return { id: child, width: inner.width, height: inner.height }
  }

  /** Links between the boxes of a room; edges that leave or enter it go through doors, one per outside tensor. */
  private linksOf(room: Pick<Room, 'id' | 'boxes' | 'children' | 'towers'>): Link[] {
    const links: Link[] = []
    const doors = new Set<string>()
    const door = (name: string, hold: 'first' | 'last') => {
      if (!doors.has(name)) room.boxes.push({ id: name, width: 0, height: DOOR_HEIGHT, hold })
      doors.add(name)
      return name
    }
    for (const edge of this.graph.edges) {
      const [source, target] = [this.childIn(room.id, edge.source), this.childIn(room.id, edge.target)]
      const from = source === null ? null : (this.hosts.get(source) ?? source)
      if (from === target) continue
      links.push({
        id: edge.id,
        from: from ?? door(entry(edge), 'first'),
        to: target ?? door(exit(edge), 'last'),
        fromY: from === null ? DOOR_HEIGHT / 2 : this.touch(from, edge.source, room, exit(edge)),
        toY:
          target === null
            ? DOOR_HEIGHT / 2
            : this.touch(target, edge.target, room, entry(edge)) + this.spread(target, edge),
      })
    }
    return links
  }

  /** Where an edge touches a box, from its top: the middle of the node's card, or the door of a room. */
  private touch(
    box: string,
    node: string,
    { children, towers }: Pick<Room, 'children' | 'towers'>,
    door: string,
  ): number {
    const room = children.get(box)
    if (room !== undefined) return ROOM_TITLE + ROOM_PADDING + (room.placed.boxes.get(door)?.y ?? 0) + DOOR_HEIGHT / 2
    const card = towers.get(box)?.cards.get(node)
    return card === undefined ? CLOSED.height / 2 : card.y + this.size(node).card / 2
  }

  private spread(box: string, edge: Edge): number {
    return box === edge.target ? (this.spreads.get(edge.id) ?? 0) : 0
  }

  /** Turns a room's own coordinates into the stage's, and collects the pieces of the paths. */
  private settle(room: Room, at: Point): void {
    const inset = room.id === null ? { x: 0, y: 0 } : { x: ROOM_PADDING, y: ROOM_PADDING + ROOM_TITLE }
    // what is narrower than the title stands in the middle below it
    const spare = room.id === null ? 0 : (room.width - room.placed.width) / 2 - ROOM_PADDING
    const origin = { x: at.x + inset.x + spare, y: at.y + inset.y }
    if (room.id !== null) this.rooms.set(room.id, { ...at, width: room.width, height: room.height })
    for (const box of room.boxes) {
      const place = shifted(room.placed.boxes.get(box.id) ?? { x: 0, y: 0 }, origin)
      const [child, tower] = [room.children.get(box.id), room.towers.get(box.id)]
      if (child !== undefined) this.settle(child, place)
      else if (tower !== undefined) this.build(box.id, tower, place)
      else if (this.parents.has(box.id)) this.closed.set(box.id, { ...place, ...CLOSED })
    }
    for (const { id } of room.links) {
      const run = (room.placed.runs.get(id) ?? []).map((p) => shifted(p, origin))
      this.segments.set(id, [...(this.segments.get(id) ?? []), ...run])
    }
  }

  /** Places the cards of a tower, and the edges of its satellites beside them. */
  private build(operation: string, tower: Tower, at: Point): void {
    for (const [id, corner] of tower.cards) {
      const { width, card } = this.size(id)
      this.cards.set(id, { ...shifted(corner, at), width, height: card })
    }
    for (const { leaf, edge } of this.satellites.get(operation) ?? []) {
      const [from, to] = [this.cards.get(leaf), this.cards.get(operation)]
      if (from === undefined || to === undefined) continue
      const x = at.x + (tower.channels.get(leaf) ?? 0)
      const [start, end] = [from.y + from.height / 2, to.y + to.height / 2 + (this.spreads.get(edge.id) ?? 0)]
      this.brackets.set(edge.id, [
        { x: from.x, y: start },
        { x, y: start },
        { x, y: end },
        { x: to.x, y: end },
      ])
    }
  }

  /** One path per edge: from card to card, its pieces of several rooms joined from left to right. */
  private paths(): Map<string, readonly Point[]> {
    const paths = new Map<string, readonly Point[]>()
    for (const { id, source, target } of this.graph.edges) {
      const points = this.segments.get(id)
      if (points === undefined) continue
      const sorted = [...points].sort((a, b) => a.x - b.x)
      const [first, last] = [sorted[0], sorted.at(-1)]
      const [from, to] = [this.cards.get(source), this.cards.get(target)]
      if (first && from) sorted.unshift({ x: from.x + from.width, y: first.y })
      if (last && to) sorted.push({ x: to.x, y: last.y })
      paths.set(
        id,
        sorted.filter((p, i) => i === 0 || p.x - (sorted[i - 1]?.x ?? 0) > 2 || i === sorted.length - 1),
      )
    }
    return paths
  }
}

function shifted(point: Point, by: Point): Point {
  return { x: point.x + by.x, y: point.y + by.y }
}

/** How many gaps wide a room is at most, those of the rooms inside it counted one after the other. */
function gapsOf(room: Room): number {
  return [...room.children.values()].reduce((sum, child) => sum + gapsOf(child), room.placed.gaps)
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
function withLoose(boxes: readonly Box[], links: readonly Link[], gap: number): Placed {
  const linked = new Set(links.flatMap((l) => [l.from, l.to]))
  const placed = layers(
    boxes.filter((b) => linked.has(b.id)),
    links,
    gap,
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
