/**
 * The place of the leaves in a tree of folds. Pure.
 *
 * A leaf stands in the innermost fold that holds all that take it, with four exceptions: a module holds only what is its own; it
 * keeps its own when others take that later (tied weights); a tensor that several members of a repeat share stands before the
 * repeat, for it belongs to none of them; and so does one that was made on a line outside of the repeat, or of a stretch.
 */

import type { Graph, Node } from '../../core/contract'
import { type Branch, isBranch, MOST, parentsOf, partSize } from './branches'
import { linesOf } from './fold-names'

/** The fewest leaves, all taken by the same, that become one card. */
const FEWEST = 4

/** Hang the leaves into the tree below `root`. Groups that hold a single card dissolve. */
export function placeLeaves(graph: Graph, root: Branch, leaves: readonly Node[], nextId: () => string): void {
  const tree = new Tree(graph, root)
  for (const leaf of leaves) tree.homeOf(leaf).leaves.push(leaf)
  dissolve(root)
  for (const branch of [root, ...tree.branches]) gather(branch, tree, nextId)
}

class Tree {
  readonly branches: Branch[] = []
  private readonly parents = new Map<Branch, Branch>()
  private readonly homes = new Map<string, Branch>()
  private readonly byGroup = new Map<string, Branch>()
  private readonly groupParents: ReadonlyMap<string, string | null>
  private readonly takers = new Map<string, string[]>()
  private readonly lines = new Map<Branch, ReturnType<typeof linesOf>>()

  constructor(
    graph: Graph,
    private readonly root: Branch,
  ) {
    this.groupParents = parentsOf(graph)
    this.walk(root)
    for (const { source, target } of graph.edges) {
      const row = this.takers.get(source)
      if (row === undefined) this.takers.set(source, [target])
      else row.push(target)
    }
  }

  private walk(branch: Branch): void {
    for (const child of branch.children) {
      if (!isBranch(child)) {
        this.homes.set(child.id, branch)
        continue
      }
      this.branches.push(child)
      this.parents.set(child, branch)
      if (child.group !== null && !this.byGroup.has(child.group)) this.byGroup.set(child.group, child)
      this.walk(child)
    }
  }

  homeOf(leaf: Node): Branch {
    const takers = this.takers.get(leaf.id) ?? []
    if (takers.length === 0) return this.nearest(leaf.group)
    let at = this.common(takers)
    if (takers.length > 1 && (at.kind === 'repeat' || at.kind === 'part'))
      while (at.kind === 'repeat' || at.kind === 'part') at = this.above(at)
    else at = this.keeper(leaf, takers[0] ?? '') ?? at
    // the outermost fold that the leaf does not belong to is no place for it, nor is any fold inside
    for (let up = at; up !== this.root; up = this.above(up)) if (!this.belongs(leaf, up)) at = this.above(up)
    return at
  }

  /** Return where a leaf stands in the module that it belongs to, when that module is the first to take it. */
  private keeper(leaf: Node, first: string): Branch | null {
    const path = this.pathOf(this.homes.get(first) ?? this.root)
    const own = path.find((branch) => branch.group !== null && branch.group === leaf.group)
    if (own === undefined) return null
    const inside = (this.takers.get(leaf.id) ?? []).filter((taker) =>
      this.pathOf(this.homes.get(taker) ?? this.root).includes(own),
    )
    return this.common(inside)
  }

  /** Return by which children of `branch` a leaf in it is taken. */
  takenBy(leaf: Node, branch: Branch): string {
    const children = new Set<string>()
    for (const taker of this.takers.get(leaf.id) ?? []) {
      let [child, home] = [taker, this.homes.get(taker)]
      while (home !== undefined && home !== branch) {
        child = home.id
        home = this.parents.get(home)
      }
      children.add(child)
    }
    return [...children].join()
  }

  private above(branch: Branch): Branch {
    return this.parents.get(branch) ?? this.root
  }

  private common(nodes: readonly string[]): Branch {
    const [first, ...others] = nodes.map((node) => this.homes.get(node) ?? this.root)
    let found = this.pathOf(first ?? this.root)
    for (const other of new Set(others)) {
      const path = this.pathOf(other)
      let shared = 0
      while (shared < found.length && found[shared] === path[shared]) shared += 1
      found = found.slice(0, shared)
    }
    return found.at(-1) ?? this.root
  }

  private pathOf(branch: Branch): Branch[] {
    const path = [branch]
    for (let up = this.parents.get(branch); up !== undefined; up = this.parents.get(up)) path.unshift(up)
    return path
  }

  private nearest(group: string | null): Branch {
    for (let at = group; at !== null; at = this.groupParents.get(at) ?? null) {
      const branch = this.byGroup.get(at)
      if (branch !== undefined) return branch
    }
    return this.root
  }

  private belongs(leaf: Node, branch: Branch): boolean {
    if (branch.group !== null) return this.isWithin(leaf.group, branch.group)
    if ((branch.kind !== 'repeat' && branch.kind !== 'stretch') || leaf.group !== null || leaf.line === null)
      return true
    const lines = this.lines.get(branch) ?? linesOf(branch.children)
    this.lines.set(branch, lines)
    return lines === null || (leaf.line >= lines.first && leaf.line <= lines.last)
  }

  private isWithin(group: string | null, ancestor: string): boolean {
    for (let at = group; at !== null; at = this.groupParents.get(at) ?? null) if (at === ancestor) return true
    return false
  }
}

/** Replace a module that is a single operation (a ReLU, a loss) by its card: walls around it would only take space. */
function dissolve(branch: Branch): void {
  branch.children = branch.children.flatMap((child) => {
    if (!isBranch(child)) return [child]
    dissolve(child)
    const single = child.children.length + child.leaves.length === 1 && !child.children.some(isBranch)
    if (child.group === null || !single) return [child]
    branch.leaves.push(...child.leaves)
    return child.children
  })
}

/** Gather leaves that are too many for a room, and are taken by the same, into one card. */
function gather(branch: Branch, tree: Tree, nextId: () => string): void {
  if (branch.leaves.length <= MOST) return
  const alike = new Map<string, Node[]>()
  for (const leaf of branch.leaves) {
    const key = `${leaf.kind} ${tree.takenBy(leaf, branch)}`
    alike.set(key, [...(alike.get(key) ?? []), leaf])
  }
  const rows = [...alike.values()]
  const few = rows.filter((row) => row.length < FEWEST).flat()
  const many = rows.filter((row) => row.length >= FEWEST)
  const gathered = few.length <= MOST ? many : [...many, few]
  const folds = gathered.map((row) => leavesFold(row, nextId))
  branch.leaves = few.length <= MOST ? few : []
  // they stand before all others, for nothing leads to them
  branch.children = [...folds, ...branch.children]
}

function leavesFold(leaves: Node[], nextId: () => string): Branch {
  const kinds = new Set(leaves.map((leaf) => leaf.kind))
  const name = kinds.size > 1 ? 'tensors' : `${leaves[0]?.kind ?? 'tensor'}s`
  const fold = (row: Node[], title: string, from: number): Branch => {
    const branch: Branch = {
      id: nextId(),
      kind: 'leaves',
      name: title,
      type: '',
      children: [],
      leaves: [],
      group: null,
    }
    const size = partSize(row.length)
    if (row.length <= MOST) branch.leaves = row
    else
      for (let start = 0; start < row.length; start += size) {
        const part = row.slice(start, start + size)
        branch.children.push(fold(part, `${from + start + 1}–${from + start + part.length}`, from + start))
      }
    return branch
  }
  return fold(leaves, `${leaves.length} ${name}`, 0)
}
