/**
 * The view of a graph: what is visible of it while some of its folds are open. Pure.
 *
 * An open fold is a room, a closed one a card. An edge is drawn between the cards that stand for its ends; edges between two cards
 * of which one is closed are one *wire*, and an edge inside a closed card is not drawn.
 */

import type { Edge, Graph } from '../../core/contract'
import type { Fold, Folds } from './folds'

/** A tensor, named by the node that it comes from. */
export interface Source {
  node: string
  output: number
}

/** A card of the drawing: a node, or a closed fold. */
export interface Card {
  id: string
  /** The open fold in which the card stands; null outside of all. */
  room: string | null
  /** The closed fold; null for a node. */
  fold: Fold | null
  /** True when nothing leads to the card and it is no operation. */
  leaf: boolean
  /** True when the card is a parameter or a buffer. */
  learned: boolean
  /** The tensors that go into a closed fold, and those that come out of it or are its end. */
  takes: readonly Source[]
  gives: readonly Source[]
}

export interface Wire {
  /** The id of the first edge. */
  id: string
  source: string
  target: string
  edges: readonly string[]
}

/** The part of a view that a layout needs. */
export interface Visible {
  /** The cards in the order of the graph's nodes. */
  cards: readonly Card[]
  /** The open folds that are visible, parents before children. */
  rooms: readonly Fold[]
  wires: readonly Wire[]
}

export interface View extends Visible {
  graph: Graph
  folds: Folds
  /** The card that shows each node. */
  holders: ReadonlyMap<string, string>
  /** The wire that shows each edge. */
  wireOf: ReadonlyMap<string, string>
}

/** Return the view of a graph with these folds open. */
export function viewOf(all: Folds, open: ReadonlySet<string>): View {
  const { graph, folds, home } = all
  const closed = closedFolds(folds, open)
  const holders = new Map<string, string>()
  const cards = new Map<string, Building>()
  for (const node of graph.nodes) {
    const own = home.get(node.id) ?? null
    const top = own === null ? null : (closed.get(own) ?? null)
    const id = top ?? node.id
    holders.set(node.id, id)
    if (cards.has(id)) continue
    const fold = top === null ? null : (folds.get(top) ?? null)
    const room = fold === null ? own : fold.parent
    const learned = node.kind === 'parameter' || node.kind === 'buffer'
    cards.set(id, { id, room, fold, leaf: fold === null && node.op === null, learned, takes: [], gives: [] })
  }
  const { wires, wireOf } = wiresOf(graph.edges, holders, cards)
  giveEnds(graph, holders, cards)
  return {
    graph,
    folds: all,
    cards: [...cards.values()],
    rooms: [...folds.values()].filter((fold) => closed.get(fold.id) === null),
    wires,
    holders,
    wireOf,
  }
}

/** Let a single tensor that nobody takes come out of its closed fold: the loss at the end of a folded program. */
function giveEnds(graph: Graph, holders: ReadonlyMap<string, string>, cards: ReadonlyMap<string, Building>): void {
  const taken = new Set(graph.edges.map((edge) => edge.source))
  const ends = new Map<string, Source[]>()
  for (const { id, op } of graph.nodes) {
    const holder = holders.get(id)
    if (op === null || taken.has(id) || holder === undefined) continue
    ends.set(holder, [...(ends.get(holder) ?? []).slice(0, 1), { node: id, output: 0 }])
  }
  for (const [card, sources] of ends) {
    const building = cards.get(card)
    if (building?.fold && building.gives.length === 0 && sources.length === 1) building.gives.push(...sources)
  }
}

interface Building extends Card {
  takes: Source[]
  gives: Source[]
}

/** Return for every fold the outermost closed one among itself and the folds around it; null when all of them are open. */
function closedFolds(folds: ReadonlyMap<string, Fold>, open: ReadonlySet<string>): Map<string, string | null> {
  const closed = new Map<string, string | null>()
  for (const { id, parent } of folds.values()) {
    const above = parent === null ? null : (closed.get(parent) ?? null)
    closed.set(id, above ?? (open.has(id) ? null : id))
  }
  return closed
}

function wiresOf(edges: readonly Edge[], holders: ReadonlyMap<string, string>, cards: Map<string, Building>) {
  const wires = new Map<string, Wire & { edges: string[] }>()
  const wireOf = new Map<string, string>()
  const known = new Set<string>()
  const remember = (row: Source[], card: string, side: string, tensor: Source) => {
    const key = `${card} ${side} ${tensor.node} ${tensor.output}`
    if (!known.has(key)) row.push(tensor)
    known.add(key)
  }
  for (const edge of edges) {
    const [source, target] = [holders.get(edge.source), holders.get(edge.target)]
    if (source === undefined || target === undefined || source === target) continue
    const [from, to] = [cards.get(source), cards.get(target)]
    if (from === undefined || to === undefined) continue
    to.leaf = false
    const tensor = { node: edge.source, output: edge.output }
    if (from.fold !== null) remember(from.gives, source, 'gives', tensor)
    if (to.fold !== null) remember(to.takes, target, 'takes', tensor)
    const key = from.fold === null && to.fold === null ? edge.id : `${source} ${target}`
    const wire = wires.get(key)
    wireOf.set(edge.id, wire?.id ?? edge.id)
    if (wire === undefined) wires.set(key, { id: edge.id, source, target, edges: [edge.id] })
    else wire.edges.push(edge.id)
  }
  return { wires: [...wires.values()], wireOf }
}

/** Return the nodes of the group around a node: of the closed fold that hides it, else of the innermost open one, else none. */
export function membersAround({ folds, holders }: View, node: string): ReadonlySet<string> {
  const holder = holders.get(node)
  const fold = holder === node || holder === undefined ? (folds.home.get(node) ?? null) : holder
  const members = new Set<string>()
  if (fold === null) return members
  for (const [one, home] of folds.home)
    for (let at: string | null = home; at !== null; at = folds.folds.get(at)?.parent ?? null)
      if (at === fold) members.add(one)
  return members
}
