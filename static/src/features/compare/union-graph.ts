/**
 * Two graphs as one: what is the same in both stands there once, what is only in one of them beside it. Both stages draw this graph,
 * so that what corresponds stands at the same place. Pure.
 *
 * Ids are those of A; what is only in B has the numbers after them, so that an address can name it too.
 */

import type { Edge, Graph, Group, Node } from '../../core/contract'
import type { Alignment } from './align'

export interface Union {
  graph: Graph
  /** By id in B: the id here. */
  nodes: ReadonlyMap<string, string>
  edges: ReadonlyMap<string, string>
  /** Nodes and edges of this graph that only one of the two has. */
  only: { a: ReadonlySet<string>; b: ReadonlySet<string> }
  /** By node of this graph, as each of the two has it: its name and line may differ. */
  own: { a: ReadonlyMap<string, Node>; b: ReadonlyMap<string, Node> }
}

export function unite(a: Graph, b: Graph, { toA, toB }: Alignment, id: number): Union {
  const groups = uniteGroups(a, b, toA)
  const nextNode = counter('n', a.nodes)
  const nodes = new Map<string, string>()
  for (const node of b.nodes) nodes.set(node.id, toA.get(node.id) ?? nextNode())
  const edges = uniteEdges(a, b, nodes)
  const own = {
    a: new Map(a.nodes.map((node) => [node.id, node])),
    b: new Map(
      b.nodes.map((node): [string, Node] => {
        const here = nodes.get(node.id) as string
        return [here, { ...node, id: here, group: groups.of(node.group) }]
      }),
    ),
  }
  const merged = interleave(
    a.nodes.map((node) => node.id),
    b.nodes.map((node) => nodes.get(node.id) as string),
  )
  const all = merged.map((one) => roomy(own.a.get(one), own.b.get(one)))
  const only = {
    a: new Set([...a.nodes.filter((node) => !toB.has(node.id)).map((node) => node.id), ...edges.onlyA]),
    b: new Set([
      ...b.nodes.filter((node) => !toA.has(node.id)).map((node) => nodes.get(node.id) as string),
      ...edges.onlyB,
    ]),
  }
  return { graph: { id, nodes: all, edges: edges.all, groups: groups.all }, nodes, edges: edges.of, only, own }
}

/** A node with the longer of its two names: its card has room for both. */
function roomy(a: Node | undefined, b: Node | undefined): Node {
  const node = (a ?? b) as Node
  const other = b?.name ?? ''
  return other.length > (node.name?.length ?? 0) ? { ...node, name: other } : node
}

/** Two rows in one, each in its order; what is only in `b` stands behind what it follows there, and behind what is only in `a`. */
export function interleave(a: readonly string[], b: readonly string[]): string[] {
  const [inA, inB] = [new Set(a), new Set(b)]
  const row: string[] = []
  const done = new Set<string>()
  let next = 0
  const put = (id: string) => {
    if (!done.has(id)) row.push(id)
    done.add(id)
  }
  for (const id of b) {
    if (inA.has(id)) {
      // A's own up to here, unless a leaf came earlier in A
      while (next < a.length && !done.has(id)) put(a[next++] as string)
    } else {
      while (next < a.length && !inB.has(a[next] as string)) put(a[next++] as string)
      put(id)
    }
  }
  while (next < a.length) put(a[next++] as string)
  return row
}

/** Ids after the highest that there is. */
function counter(letter: string, items: readonly { id: string }[]): () => string {
  let last = items.reduce((highest, { id }) => Math.max(highest, Number(id.slice(1)) || 0), 0)
  return () => {
    last += 1
    return `${letter}${last}`
  }
}

function uniteEdges(a: Graph, b: Graph, nodes: ReadonlyMap<string, string>) {
  const keyOf = ({ source, output, target, argument }: Edge) => [source, output, target, argument].join(' ')
  const known = new Map<string, string[]>()
  for (const edge of a.edges) known.set(keyOf(edge), [...(known.get(keyOf(edge)) ?? []), edge.id])
  const next = counter('e', a.edges)
  const inA = new Set(a.edges.map(({ id }) => id))
  const of = new Map<string, string>()
  const all = [...a.edges]
  const onlyB: string[] = []
  for (const edge of b.edges) {
    const moved = { ...edge, source: nodes.get(edge.source) as string, target: nodes.get(edge.target) as string }
    const id = known.get(keyOf(moved))?.shift() ?? next()
    of.set(edge.id, id)
    if (inA.has(id)) continue
    all.push({ ...moved, id })
    onlyB.push(id)
  }
  const shared = new Set(of.values())
  return { all, of, onlyB, onlyA: a.edges.filter(({ id }) => !shared.has(id)).map(({ id }) => id) }
}

/** A group of B is that of A which holds its counterparts, at the same depth and of the same type. */
function uniteGroups(a: Graph, b: Graph, toA: ReadonlyMap<string, string>) {
  const [inA, inB] = [chains(a), chains(b)]
  const groupOf = new Map(a.nodes.map((node) => [node.id, node.group]))
  const of = new Map<string, string>()
  const taken = new Set<string>()
  for (const node of b.nodes) {
    const mine = inA.get(groupOf.get(toA.get(node.id) ?? '') ?? '') ?? []
    const others = inB.get(node.group ?? '') ?? []
    if (mine.length !== others.length) continue
    others.forEach((other, depth) => {
      const one = mine[depth] as Group
      if (of.has(other.id) || taken.has(one.id) || one.type !== other.type || one.kind !== other.kind) return
      of.set(other.id, one.id)
      taken.add(one.id)
    })
  }
  const next = counter('g', a.groups)
  const added: Group[] = []
  for (const group of b.groups) {
    if (of.has(group.id)) continue
    const id = next()
    of.set(group.id, id)
    added.push({ ...group, id })
  }
  const moved = added.map((group) => ({
    ...group,
    parent: group.parent === null ? null : (of.get(group.parent) ?? null),
  }))
  return {
    all: [...a.groups, ...moved],
    of: (group: string | null) => (group === null ? null : (of.get(group) ?? null)),
  }
}

/** By group: the groups around it, the outermost first, and itself. */
function chains({ groups }: Graph): Map<string, readonly Group[]> {
  const byId = new Map(groups.map((group) => [group.id, group]))
  const found = new Map<string, readonly Group[]>()
  for (const { id } of groups) {
    const chain: Group[] = []
    for (let at = byId.get(id); at !== undefined; at = byId.get(at.parent ?? '')) chain.unshift(at)
    found.set(id, chain)
  }
  return found
}
