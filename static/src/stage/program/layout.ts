/** The layout of a view: the places of cards, of the rooms around them, and the paths of wires. Pure and deterministic. */

import type { Point, Rectangle } from '../geometry'
import type { Fold } from './folds'
import type { Card, Visible, Wire } from './graph-view'
import { type Box, type Columns, columnsOf, type Link, type Placed, spread } from './layered-drawing'
import { type CardSize, entering, type Satellite, satellitesOf, type Tower, towerOf } from './satellites'

export interface Layout {
  width: number
  height: number
  /** The rectangle of every card, without the numbers above and below. */
  cards: ReadonlyMap<string, Rectangle>
  /** The rectangle of every open fold. */
  rooms: ReadonlyMap<string, Rectangle>
  /** The points of every wire, from source to target. */
  paths: ReadonlyMap<string, readonly Point[]>
  /** The wires of satellites, which run down beside their tower: four points, with square corners. */
  brackets: ReadonlySet<string>
}

const ROOM_PADDING = 10
export const ROOM_TITLE = 24
/**
 * The gaps between columns. They are as wide as a travelling number where there is room for it, and narrower where the whole drawing
 * would be too wide. `cut`: the gap of a drawing that is too wide in any case: a narrow gap would gain nothing, and a contribution
 * would come to rest on two cards.
 */
const GAP = { least: 28, cut: 88, most: 96 }
/** The width up to which a drawing can be shown whole, and read, beside the usual panels of a small projector. */
const SHOWN_WIDTH = 690
/** A drawing that is so many times as wide cannot be shown whole, even a little smaller. */
const CUT = 1.45
const DOOR_HEIGHT = 10
const SPREAD = 11
const LOOSE_GAP = 28
const LOOSE_WIDTH = 560

interface Room {
  fold: Fold | null
  boxes: Box[]
  children: Map<string, Room>
  placed: Placed
  links: Link[]
  towers: Map<string, Tower>
  width: number
  height: number
}

/** Lay out a view. `size` returns the space that a card asks for; up to the width `most` there is room between the columns. */
export function layout(view: Visible, size: (card: string) => CardSize, most = SHOWN_WIDTH): Layout {
  const plan = new Plan(view, size)
  const { gaps, ...tight } = new Drawing(plan, size, GAP.least).draw()
  const gap = gapFor(tight.width, gaps, most)
  if (gap <= GAP.least) return tight
  const { gaps: _, ...wide } = new Drawing(plan, size, gap).draw()
  return wide
}

/** Return the gap for a drawing that has this width with the smallest gaps. */
function gapFor(width: number, gaps: number, most: number): number {
  if (width > most * CUT) return GAP.cut
  return Math.min(GAP.most, GAP.least + (most - width) / Math.max(1, gaps))
}

/** The part of a layout that does not depend on distances: which card stands in which room, and which rooms each wire crosses. */
class Plan {
  readonly view: Visible
  /** The rooms and cards in each room, in the order of their first cards. */
  readonly inside = new Map<string | null, string[]>()
  readonly rooms: ReadonlyMap<string, Fold>
  readonly cards: ReadonlyMap<string, Card>
  /** The wires that run in each room, and between which of its children; null is outside. */
  readonly crossing = new Map<string | null, { wire: Wire; from: string | null; to: string | null }[]>()
  readonly satellites: ReadonlyMap<string, readonly Satellite[]>
  /** The operation that each satellite stands beside. */
  readonly hosts = new Map<string, string>()
  readonly spreads = new Map<string, number>()
  /** The columns of each room, once they are known: with another gap only the widths change. */
  readonly columns = new Map<string | null, Columns>()

  constructor(view: Visible, size: (card: string) => CardSize) {
    this.view = view
    this.rooms = new Map(view.rooms.map((fold) => [fold.id, fold]))
    this.cards = new Map(view.cards.map((card) => [card.id, card]))
    this.satellites = satellitesOf(view)
    for (const [host, row] of this.satellites) for (const { leaf } of row) this.hosts.set(leaf, host)
    this.fill()
    for (const wire of view.wires) this.cross(wire)
    this.spreadWires(size)
  }

  /** Return the rooms around a card, from the inside outwards, each with the child that holds the card. */
  private wayOut(card: string): { room: string | null; child: string }[] {
    const way = []
    let child = card
    for (let room = this.cards.get(card)?.room ?? null; ; room = this.rooms.get(child)?.parent ?? null) {
      way.push({ room, child })
      if (room === null) return way
      child = room
    }
  }

  private fill(): void {
    const seen = new Set<string>()
    for (const { id } of this.view.cards) {
      if (this.hosts.has(id)) continue
      for (const { room, child } of this.wayOut(id)) {
        if (seen.has(child)) break
        seen.add(child)
        push(this.inside, room, child)
      }
    }
  }

  private cross(wire: Wire): void {
    const there = this.wayOut(wire.target)
    for (const { room, child } of this.wayOut(this.hosts.get(wire.source) ?? wire.source)) {
      const shared = there.findIndex((step) => step.room === room)
      const to = there[shared]?.child ?? null
      if (child !== to) push(this.crossing, room, { wire, from: child, to })
      if (shared === -1) continue
      for (const inner of there.slice(0, shared)) push(this.crossing, inner.room, { wire, from: null, to: inner.child })
      return
    }
  }

  /** Wires that enter one card enter it a little apart. */
  private spreadWires(size: (card: string) => CardSize): void {
    const byTarget = new Map<string, Wire[]>()
    for (const wire of this.view.wires) push(byTarget, wire.target, wire)
    for (const [target, wires] of byTarget) {
      const most = size(target).card - 22
      for (const [i, wire] of entering(wires, this.satellites.get(target) ?? []).entries())
        this.spreads.set(wire.id, (i - (wires.length - 1) / 2) * Math.min(SPREAD, most / wires.length))
    }
  }
}

class Drawing {
  private readonly cards = new Map<string, Rectangle>()
  private readonly rooms = new Map<string, Rectangle>()
  private readonly segments = new Map<string, Point[]>()
  private readonly brackets = new Map<string, readonly Point[]>()

  constructor(
    private readonly plan: Plan,
    private readonly size: (card: string) => CardSize,
    private readonly gap: number,
  ) {}

  /** `gaps`: the number of gaps that the drawing is wide at most. */
  draw(): Layout & { gaps: number } {
    const root = this.arrange(null)
    this.settle(root, { x: 0, y: 0 })
    return {
      width: root.width,
      height: root.height,
      gaps: gapsOf(root),
      cards: this.cards,
      rooms: this.rooms,
      paths: new Map([...this.paths(), ...this.brackets]),
      brackets: new Set(this.brackets.keys()),
    }
  }

  /** Lay out the inside of a room (null: the whole stage), its open rooms first. */
  private arrange(fold: Fold | null): Room {
    const room: Omit<Room, 'placed' | 'width' | 'height'> = {
      fold,
      boxes: [],
      children: new Map(),
      towers: new Map(),
      links: [],
    }
    for (const child of this.plan.inside.get(fold?.id ?? null) ?? []) room.boxes.push(this.boxOf(child, room))
    room.links.push(...this.linksOf(room))
    const placed = this.withLoose(room)
    if (fold === null) return { ...room, placed, width: placed.width, height: placed.height }
    return {
      ...room,
      placed,
      width: Math.max(placed.width + 2 * ROOM_PADDING, titleWidth(fold)),
      height: placed.height + 2 * ROOM_PADDING + ROOM_TITLE,
    }
  }

  /** Lay out the linked boxes, and the loose ones in rows below them. */
  private withLoose({ fold, boxes, links }: Pick<Room, 'fold' | 'boxes' | 'links'>): Placed {
    const ends = new Set(links.flatMap((l) => [l.from, l.to]))
    const linked = boxes.filter((b) => ends.has(b.id))
    const columns = this.plan.columns.get(fold?.id ?? null) ?? columnsOf(linked, links)
    this.plan.columns.set(fold?.id ?? null, columns)
    const placed = spread(columns, linked, links, this.gap)
    const all = new Map(placed.boxes)
    let [x, y, row, width] = [0, placed.height === 0 ? 0 : placed.height + LOOSE_GAP, 0, placed.width]
    for (const box of boxes.filter((b) => !ends.has(b.id))) {
      if (x > 0 && x + box.width > Math.max(LOOSE_WIDTH, placed.width)) [x, y, row] = [0, y + row + LOOSE_GAP, 0]
      all.set(box.id, { x, y })
      width = Math.max(width, x + box.width)
      row = Math.max(row, box.height)
      x += box.width + LOOSE_GAP
    }
    return { ...placed, boxes: all, width, height: x === 0 ? placed.height : y + row }
  }

  private boxOf(child: string, room: Pick<Room, 'children' | 'towers'>): Box {
    const fold = this.plan.rooms.get(child)
    if (fold === undefined) {
      const tower = towerOf(child, this.plan.satellites.get(child) ?? [], this.size)
      room.towers.set(child, tower)
      return { id: child, width: tower.width, height: tower.height }
    }
    const inner = this.arrange(fold)
    room.children.set(child, inner)
    return { id: child, width: inner.width, height: inner.height }
  }

  /** Return the links between the boxes of a room. Wires that leave or enter it go through doors, one per card that they come from. */
  private linksOf(room: Pick<Room, 'fold' | 'boxes' | 'children' | 'towers'>): Link[] {
    const links: Link[] = []
    const doors = new Set<string>()
    const door = (name: string, hold: 'first' | 'last') => {
      if (!doors.has(name)) room.boxes.push({ id: name, width: 0, height: DOOR_HEIGHT, hold })
      doors.add(name)
      return name
    }
    for (const { wire, from, to } of this.plan.crossing.get(room.fold?.id ?? null) ?? []) {
      links.push({
        id: wire.id,
        trunk: wire.source,
        from: from ?? door(entry(wire), 'first'),
        to: to ?? door(exit(wire), 'last'),
        fromY: from === null ? DOOR_HEIGHT / 2 : this.touch(from, wire.source, room, exit(wire)),
        toY:
          to === null
            ? DOOR_HEIGHT / 2
            : this.touch(to, wire.target, room, entry(wire)) +
              (to === wire.target ? (this.plan.spreads.get(wire.id) ?? 0) : 0),
      })
    }
    return links
  }

  /** Return where a wire touches a box, from its top: at the middle of a card, or at the door of a room. */
  private touch(
    box: string,
    card: string,
    { children, towers }: Pick<Room, 'children' | 'towers'>,
    door: string,
  ): number {
    const room = children.get(box)
    if (room !== undefined) return ROOM_TITLE + ROOM_PADDING + (room.placed.boxes.get(door)?.y ?? 0) + DOOR_HEIGHT / 2
    return (towers.get(box)?.cards.get(card)?.y ?? 0) + this.size(card).card / 2
  }

  /** Turn the coordinates of a room into those of the stage, and collect the pieces of the paths. */
  private settle(room: Room, at: Point): void {
    const inset = room.fold === null ? { x: 0, y: 0 } : { x: ROOM_PADDING, y: ROOM_PADDING + ROOM_TITLE }
    // an inside that is narrower than the title stands in the middle below it
    const spare = room.fold === null ? 0 : (room.width - room.placed.width) / 2 - ROOM_PADDING
    const origin = { x: at.x + inset.x + spare, y: at.y + inset.y }
    if (room.fold !== null) this.rooms.set(room.fold.id, { ...at, width: room.width, height: room.height })
    for (const box of room.boxes) {
      const place = shifted(room.placed.boxes.get(box.id) ?? { x: 0, y: 0 }, origin)
      const [child, tower] = [room.children.get(box.id), room.towers.get(box.id)]
      if (child !== undefined) this.settle(child, place)
      else if (tower !== undefined) this.build(box.id, tower, place)
    }
    for (const { id } of room.links) {
      const run = (room.placed.runs.get(id) ?? []).map((p) => shifted(p, origin))
      const known = this.segments.get(id)
      if (known === undefined) this.segments.set(id, run)
      else known.push(...run)
    }
  }

  /** Place the cards of a tower, and the wires of its satellites beside them. */
  private build(operation: string, tower: Tower, at: Point): void {
    for (const [id, corner] of tower.cards) {
      const { width, card } = this.size(id)
      this.cards.set(id, { ...shifted(corner, at), width, height: card })
    }
    for (const { leaf, wire } of this.plan.satellites.get(operation) ?? []) {
      const [from, to] = [this.cards.get(leaf), this.cards.get(operation)]
      if (from === undefined || to === undefined) continue
      const x = at.x + (tower.channels.get(leaf) ?? 0)
      const [start, end] = [from.y + from.height / 2, to.y + to.height / 2 + (this.plan.spreads.get(wire.id) ?? 0)]
      this.brackets.set(wire.id, [
        { x: from.x, y: start },
        { x, y: start },
        { x, y: end },
        { x: to.x, y: end },
      ])
    }
  }

  /** Return one path per wire, from card to card: its pieces in several rooms are joined from left to right. */
  private paths(): Map<string, readonly Point[]> {
    const paths = new Map<string, readonly Point[]>()
    for (const { id, source, target } of this.plan.view.wires) {
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

function push<K, T>(rows: Map<K, T[]>, key: K, item: T): void {
  const row = rows.get(key)
  if (row === undefined) rows.set(key, [item])
  else row.push(item)
}

function shifted(point: Point, by: Point): Point {
  return { x: point.x + by.x, y: point.y + by.y }
}

/** Return the width of a room's title: the room is at least as wide. */
function titleWidth({ name, type }: Fold): number {
  return Math.min(name.length, 14) * 8.6 + Math.min(type.length, 14) * 8 + 48
}

/** Return how many gaps wide a room is at most, with those of the rooms inside it counted one after the other. */
function gapsOf(room: Room): number {
  return [...room.children.values()].reduce((sum, child) => sum + gapsOf(child), room.placed.gaps)
}

const entry = (wire: Wire) => `in:${wire.source}`
const exit = (wire: Wire) => `out:${wire.source}`
