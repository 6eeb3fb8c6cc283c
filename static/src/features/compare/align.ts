/**
 * Which node of one graph is which node of another, when the programs differ. Pure.
 *
 * Operations are matched in the order in which they ran, as long as possible a common stretch of both: an operation has a
 * counterpart only if that is the same function, and the more they share (line, module, name, arguments) the better. Lines are those
 * of the older text: one that was not edited is the same line, wherever it stands now. Leaves are matched by their names, and what
 * has none, or another one, by the argument for which a matched operation takes it.
 */

import type { Edge, Graph, Node } from '../../core/contract'
import { originalLines } from '../../core/line-diff'

/** A graph and the program that made it. */
export interface Drawn {
  graph: Graph
  source: string
}

export interface Alignment {
  /** By node of A: its counterpart in B. */
  toB: ReadonlyMap<string, string>
  /** By node of B: its counterpart in A. */
  toA: ReadonlyMap<string, string>
}

/** Pairs of operations that are looked at one by one; of more, only those that share everything are matched. */
const MOST_PAIRS = 1_000_000
/** Points for two operations of the same function that share a property. */
const GAIN = { function: 1, line: 4, group: 3, name: 3, arguments: 1 }

export function align(a: Drawn, b: Drawn): Alignment {
  const [left, right] = [new Side(a, null), new Side(b, originalLines(a.source, b.source))]
  const toB = new Map<string, string>()
  const pairs = match(left.operations, right.operations)
  for (const [i, j] of pairs) toB.set(left.operations[i]!.node.id, right.operations[j]!.node.id)
  pairLeaves(left, right, toB)
  return { toB, toA: new Map([...toB].map(([from, to]) => [to, from])) }
}

/** An operation, with what is compared. */
interface Operation {
  node: Node
  /** The line in the text of A; 0 where it is new or was edited, null where it is not known. */
  line: number | null
  group: string
  given: string
}

class Side {
  readonly operations: readonly Operation[]
  readonly leaves: readonly Node[]
  /** By target: the edges that end there. */
  readonly taken = new Map<string, Edge[]>()

  constructor({ graph }: Drawn, origins: readonly (number | null)[] | null) {
    for (const edge of graph.edges) {
      const row = this.taken.get(edge.target)
      if (row === undefined) this.taken.set(edge.target, [edge])
      else row.push(edge)
    }
    const paths = pathsOf(graph)
    const isLeaf = ({ id, op }: Node) => op === null && !this.taken.has(id)
    this.leaves = graph.nodes.filter(isLeaf)
    this.operations = graph.nodes
      .filter((node) => !isLeaf(node))
      .map((node) => ({
        node,
        line: node.line === null || origins === null ? node.line : (origins[node.line - 1] ?? 0),
        group: paths.get(node.group ?? '') ?? '',
        given: JSON.stringify(node.arguments),
      }))
  }
}

/** By group: its name with those of all groups around it. */
function pathsOf({ groups }: Graph): Map<string, string> {
  const byId = new Map(groups.map((group) => [group.id, group]))
  const paths = new Map<string, string>()
  for (const { id } of groups) {
    const names = []
    for (let at = byId.get(id); at !== undefined; at = byId.get(at.parent ?? '')) names.unshift(`${at.name}:${at.type}`)
    paths.set(id, names.join('/'))
  }
  return paths
}

/** Return the points for matching two operations; null where they cannot be the same. */
function gain(a: Operation, b: Operation): number | null {
  if (a.node.op !== b.node.op || a.node.kind !== b.node.kind) return null
  const known = a.line !== null && b.line !== null && b.line !== 0
  // lines that were not edited, and are different ones
  if (known && a.line !== b.line) return null
  return (
    GAIN.function +
    (known ? GAIN.line : 0) +
    (a.group === b.group ? GAIN.group : 0) +
    (a.node.name === b.node.name ? GAIN.name : 0) +
    (a.given === b.given ? GAIN.arguments : 0)
  )
}

function alike(a: Operation | undefined, b: Operation | undefined): boolean {
  return a !== undefined && b !== undefined && key(a) === key(b)
}

function key({ node, line, group }: Operation): string {
  return [node.kind, node.op, node.name, line, group].join(' ')
}

/** Pairs of indices, both rising. */
function match(a: readonly Operation[], b: readonly Operation[]): [number, number][] {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && alike(a[head], b[head])) head += 1
  // no equal ends beforehand: of a loop that turns more often, the first turns are the counterparts
  const [x, y] = [a.slice(head), b.slice(head)]
  const rest = x.length * y.length > MOST_PAIRS ? matchByKey(x, y) : matchBest(x, y)
  return [
    ...Array.from({ length: head }, (_, i): [number, number] => [i, i]),
    ...rest.map(([i, j]): [number, number] => [i + head, j + head]),
  ]
}

/** The pairs that gain most together. */
function matchBest(a: readonly Operation[], b: readonly Operation[]): [number, number][] {
  const width = b.length + 1
  const best = new Int32Array((a.length + 1) * width)
  const at = (i: number, j: number) => best[i * width + j] ?? 0
  const matched = (i: number, j: number) => {
    const won = gain(a[i]!, b[j]!)
    return won === null ? -1 : won + at(i + 1, j + 1)
  }
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) best[i * width + j] = Math.max(matched(i, j), at(i + 1, j), at(i, j + 1))
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (matched(i, j) === at(i, j)) pairs.push([i++, j++])
    else if (at(i + 1, j) === at(i, j)) i += 1
    else j += 1
  }
  return pairs
}

/** Equal ones by their number among the equal ones, as far as their order is the same in both. */
function matchByKey(a: readonly Operation[], b: readonly Operation[]): [number, number][] {
  return inOrder(equalPairs(a.map(key), b.map(key)))
}

/** The first of a text with the first of the same text, the second with the second. In the order of `a`. */
export function equalPairs(a: readonly string[], b: readonly string[]): [number, number][] {
  const places = new Map<string, number[]>()
  b.forEach((text, j) => {
    const row = places.get(text)
    if (row === undefined) places.set(text, [j])
    else row.push(j)
  })
  const seen = new Map<string, number>()
  return a.flatMap((text, i): [number, number][] => {
    const nth = seen.get(text) ?? 0
    seen.set(text, nth + 1)
    const j = places.get(text)?.[nth]
    return j === undefined ? [] : [[i, j]]
  })
}

/** The most of these pairs, whose first numbers rise, of which the second numbers rise too. */
export function inOrder(pairs: readonly [number, number][]): [number, number][] {
  /** By length: the last pair of the row of that length that ends lowest. */
  const ends: number[] = []
  const before: number[] = []
  pairs.forEach(([, j], at) => {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (pairs[ends[middle]!]![1] < j) low = middle + 1
      else high = middle
    }
    before[at] = low === 0 ? -1 : ends[low - 1]!
    ends[low] = at
  })
  const row: [number, number][] = []
  for (let at = ends.at(-1) ?? -1; at !== -1; at = before[at]!) row.unshift(pairs[at]!)
  return row
}

/** Leaves of the same name, the first with the first; then what matched operations take for the same argument. */
function pairLeaves(a: Side, b: Side, toB: Map<string, string>): void {
  const used = new Set<string>()
  const pair = (from: string, to: string) => {
    if (toB.has(from) || used.has(to)) return
    toB.set(from, to)
    used.add(to)
  }
  const named = ({ leaves }: Side) => leaves.filter(({ name }) => name !== null)
  const [mine, others] = [named(a), named(b)]
  const texts = (leaves: readonly Node[]) => leaves.map(({ name, kind }) => `${kind} ${name}`)
  for (const [i, j] of equalPairs(texts(mine), texts(others))) pair(mine[i]!.id, others[j]!.id)
  const free = { a: new Set(a.leaves.map(({ id }) => id)), b: new Set(b.leaves.map(({ id }) => id)) }
  for (const [from, to] of [...toB]) {
    if (free.a.has(from)) continue
    for (const edge of a.taken.get(from) ?? []) {
      const other = b.taken.get(to)?.find(({ argument, source }) => argument === edge.argument && free.b.has(source))
      if (other !== undefined && free.a.has(edge.source)) pair(edge.source, other.source)
    }
  }
}
