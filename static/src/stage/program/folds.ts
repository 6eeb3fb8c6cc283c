/**
 * The folds of a graph. Pure: the same graph always has the same folds.
 *
 * A *fold* is a part of the graph that is drawn as one card while it is closed and as a room while it is open; folds nest. A *view*
 * (graph-view.ts) is the graph with some of them open. All folds come from structure, never from names of operations:
 *
 * - **Groups** of the snapshot: calls of modules and functions. An operation in between that belongs to none of them cuts a group
 *   in two, so that every fold is a stretch of the order in which the operations ran. An edge leads from an earlier operation to a
 *   later one, so a graph of stretches never has a cycle, whatever is open.
 * - **Repeats**: siblings of equal structure several times in a row: the layers of a ModuleList, the steps of an unrolled RNN, the
 *   body of a loop. Operations are equal when they are the same function, called from the same lines; groups when they are of the
 *   same type and their insides are equal. A repeat opens to its *members*, each of which opens further.
 * - **Parts**: more children than can be read at once, cut into stretches of 10, 50, 100 … so that no fold, opened, shows many.
 *
 * Leaves are in no stretch: nothing leads to them, so they stand where they are taken (leaves.ts).
 */

import type { Graph, Group, Node } from '../../core/contract'
import { type Branch, isBranch, MOST, parentsOf, partSize, type Twig } from './branches'
import { depthOf, linesOf, memberName, repeatName } from './fold-names'
import { placeLeaves } from './leaves'
import { repeatsIn } from './repeats'

export interface Fold {
  /** The id of a group, or "f" and a number. */
  id: string
  parent: string | null
  kind: Branch['kind']
  /** "fc1", "Block × 12", "lines 8–10 × 500", "1–50". */
  name: string
  /** The class of a module, or the kind of fold. */
  type: string
  /** The number of operations inside, at any depth. */
  operations: number
}

export interface Folds {
  graph: Graph
  /** All folds by id, parents before children. */
  folds: ReadonlyMap<string, Fold>
  /** The innermost fold that holds each node; null outside of all. */
  home: ReadonlyMap<string, string | null>
}

/** In a graph of at most so many nodes only groups fold, for all of it can be read. */
const FOLDED_ABOVE = 24
/** A room of at most so many children needs no further folds. */
const READ_AT_ONCE = 5

export function foldsOf(graph: Graph): Folds {
  return new Folding(graph).fold()
}

class Folding {
  private readonly groups: ReadonlyMap<string, Group>
  private readonly parents: ReadonlyMap<string, string | null>
  private readonly signs = new Map<string, number>()
  private readonly signatures = new Map<Twig, number>()
  private readonly used = new Set<string>()
  private made = 0

  constructor(private readonly graph: Graph) {
    this.groups = new Map(graph.groups.map((g) => [g.id, g]))
    this.parents = parentsOf(graph)
  }

  fold(): Folds {
    const targets = new Set(this.graph.edges.map((e) => e.target))
    const isLeaf = (n: Node) => n.op === null && !targets.has(n.id)
    const root = this.branch('module', '', '', [])
    for (const node of this.graph.nodes) if (!isLeaf(node)) this.hang(root, node)
    if (this.graph.nodes.length > FOLDED_ABOVE) this.tidy(root)
    placeLeaves(this.graph, root, this.graph.nodes.filter(isLeaf), () => this.nextId())
    return told(this.graph, root)
  }

  /** Hang an operation into the branches of its groups; a branch ends when an operation of another group follows. */
  private hang(root: Branch, node: Node): void {
    let at = root
    for (const group of this.pathOf(node.group)) {
      const last = at.children.at(-1)
      if (last !== undefined && isBranch(last) && last.group === group.id) {
        at = last
        continue
      }
      const next = this.branch(group.kind, group.name, group.type, [], group.id)
      at.children.push(next)
      at = next
    }
    at.children.push(node)
  }

  private pathOf(group: string | null): Group[] {
    const path: Group[] = []
    for (let at = group === null ? undefined : this.groups.get(group); at !== undefined; ) {
      path.unshift(at)
      at = this.groups.get(this.parents.get(at.id) ?? '')
    }
    return path
  }

  private branch(
    kind: Branch['kind'],
    name: string,
    type: string,
    children: Twig[],
    group: string | null = null,
  ): Branch {
    const id = group === null || this.used.has(group) ? this.nextId() : group
    this.used.add(id)
    return { id, kind, name, type, children, leaves: [], group }
  }

  private nextId(): string {
    this.made += 1
    return `f${this.made}`
  }

  /** Return a number that is equal for twigs of equal structure. */
  private signature(twig: Twig): number {
    const known = this.signatures.get(twig)
    if (known !== undefined) return known
    const text = isBranch(twig)
      ? `${twig.type}(${twig.children.map((child) => this.signature(child)).join()})`
      : `${twig.op}:${twig.line}:${twig.path.map((frame) => frame.line).join()}`
    const sign = this.signs.get(text) ?? this.signs.size
    this.signs.set(text, sign)
    this.signatures.set(twig, sign)
    return sign
  }

  /** Fold the inside of a branch, from its groups inwards. */
  private tidy(branch: Branch): void {
    for (const child of branch.children) this.signature(child)
    for (const child of branch.children) if (isBranch(child)) this.tidy(child)
    branch.children = this.cut(this.repeated(branch.children))
  }

  private repeated(twigs: Twig[]): Twig[] {
    if (twigs.length <= READ_AT_ONCE) return twigs
    const depth = depthOf(twigs)
    const lines = twigs.map((twig) => linesOf([twig], depth)?.first ?? Number.POSITIVE_INFINITY)
    const repeats = repeatsIn(
      twigs.map((twig) => this.signature(twig)),
      (at) => lines[at] ?? Number.POSITIVE_INFINITY,
    )
    const folded: Twig[] = []
    let done = 0
    for (const { start, length, times } of repeats) {
      if (length * times <= READ_AT_ONCE && !twigs.slice(start, start + length).some(isBranch)) continue
      folded.push(...twigs.slice(done, start))
      done = start + length * times
      folded.push(
        this.repeat(twigs.slice(start, done), length, repeatName(twigs.slice(start, start + length), times, depth)),
      )
    }
    return [...folded, ...twigs.slice(done)]
  }

  private repeat(twigs: Twig[], length: number, name: string): Branch {
    const times = twigs.length / length
    const repeat = this.branch('repeat', name, '', [])
    const members =
      length === 1
        ? twigs
        : Array.from({ length: times }, (_, i) => {
            const body = twigs.slice(i * length, (i + 1) * length)
            const member = this.branch('member', memberName(i, times), '', [])
            // the body of a loop may hold a loop
            member.children = length < twigs.length ? this.cut(this.repeated(body)) : body
            return member
          })
    repeat.children = this.cut(members, true)
    return repeat
  }

  /** Return at most `MOST` children: stretches of them become parts. */
  private cut(twigs: Twig[], members = false, from = 0): Twig[] {
    if (twigs.length <= MOST) return twigs
    const size = partSize(twigs.length)
    const parts: Twig[] = []
    for (let start = 0; start < twigs.length; ) {
      // a single child needs no part around it
      const end = twigs.length - start - size <= 1 ? twigs.length : start + size
      const inside = twigs.slice(start, end)
      const lines = members ? null : linesOf(inside)
      const numbers = `${from + start + 1}–${from + end}`
      const name = lines === null || lines.first === lines.last ? numbers : `lines ${lines.first}–${lines.last}`
      const part = this.branch(members ? 'part' : 'stretch', name, '', [])
      part.children = this.cut(inside, members, from + start)
      parts.push(part)
      start = end
    }
    return parts
  }
}

/** Return the folds of a finished tree. */
function told(graph: Graph, root: Branch): Folds {
  const folds = new Map<string, Fold>()
  const home = new Map<string, string | null>()
  const tell = (branch: Branch, parent: string | null): number => {
    const own = branch === root ? null : branch.id
    const { id, kind, name, type } = branch
    if (own !== null) folds.set(id, { id, parent, kind, name, type, operations: 0 })
    let operations = 0
    for (const leaf of branch.leaves) home.set(leaf.id, own)
    for (const child of branch.children) {
      if (isBranch(child)) operations += tell(child, own)
      else home.set(child.id, own)
      if (!isBranch(child)) operations += 1
    }
    if (own !== null) folds.set(id, { id, parent, kind, name, type, operations })
    return operations
  }
  tell(root, null)
  return { graph, folds, home }
}
