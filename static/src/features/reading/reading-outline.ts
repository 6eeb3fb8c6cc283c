/** The graph as an outline: its groups as headings, and in them the nodes in the order in which they ran. Pure. */

import type { Graph } from '../../core/contract'
import { type Fold, type Folds, foldsOf } from '../../stage/program/folds'

/** A group with what is in it: groups, and nodes by their ids. */
export interface Part {
  /** Null for the whole graph. */
  fold: Fold | null
  children: readonly (Part | string)[]
}

export interface Outline {
  folds: Folds
  whole: Part
}

const known = new WeakMap<Graph, Outline>()

/** Return the outline of a graph; it is made once for each graph. */
export function outlineOf(graph: Graph): Outline {
  const before = known.get(graph)
  if (before !== undefined) return before
  const folds = foldsOf(graph)
  const outline = { folds, whole: partOf(folds) }
  known.set(graph, outline)
  return outline
}

/** The groups around a node, from the outermost inwards. */
export function waysTo({ folds }: Outline, node: string): string[] {
  const way: string[] = []
  for (let at = folds.home.get(node) ?? null; at !== null; at = folds.folds.get(at)?.parent ?? null) way.unshift(at)
  return way
}

/** "fc1, Linear, 1 operation". */
export function titleOf({ name, type, operations }: Fold): string {
  const kind = type === '' || type === name ? '' : `, ${type}`
  return `${name}${kind}, ${operations} ${operations === 1 ? 'operation' : 'operations'}`
}

interface Building {
  part: { fold: Fold | null; children: (Part | string)[] }
  /** The first operation of the group: its inputs may be older than everything around it. */
  begins: number
  first: number
}

function partOf({ graph, folds, home }: Folds): Part {
  const whole: Building = { part: { fold: null, children: [] }, begins: 0, first: 0 }
  const parts = new Map<string | null, Building>([[null, whole]])
  for (const fold of folds.values())
    parts.set(fold.id, {
      part: { fold, children: [] },
      begins: Number.POSITIVE_INFINITY,
      first: Number.POSITIVE_INFINITY,
    })
  const places = new Map<Part | string, number>()
  graph.nodes.forEach(({ id, op }, at) => {
    const own = home.get(id) ?? null
    parts.get(own)?.part.children.push(id)
    places.set(id, at)
    for (let up = own; up !== null; up = folds.get(up)?.parent ?? null) {
      const part = parts.get(up)
      if (part === undefined) break
      part.first = Math.min(part.first, at)
      if (op !== null) part.begins = Math.min(part.begins, at)
    }
  })
  for (const { id, parent } of folds.values()) {
    const { part, begins, first } = parts.get(id) as Building
    places.set(part, Number.isFinite(begins) ? begins : first)
    if (Number.isFinite(first)) parts.get(parent)?.part.children.push(part)
  }
  for (const { part } of parts.values()) part.children.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  return whole.part
}
