/** The tree that becomes the folds of a graph. */

import type { Graph, Node } from '../../core/contract'

export interface Branch {
  id: string
  /** `stretch`: a part of a long row of children. `part`: some members of a repeat. `leaves`: leaves that are too many. */
  kind: 'module' | 'function' | 'repeat' | 'member' | 'part' | 'stretch' | 'leaves'
  name: string
  type: string
  /** The children in the order in which they ran. */
  children: Twig[]
  /** The leaves that stand in it, outside of its children. */
  leaves: Node[]
  /** The id of the snapshot's group that it is a stretch of. */
  group: string | null
}

/** A branch, or an operation. */
export type Twig = Branch | Node

export function isBranch(twig: Twig): twig is Branch {
  return 'children' in twig
}

/** The most children of one branch that can be read at once; more of them are cut into parts. */
export const MOST = 12
const PARTS = [10, 50, 100, 500, 1000, 5000, 10_000, 50_000]

/** Return how many of `count` children stand in one part. */
export function partSize(count: number): number {
  return PARTS.find((part) => count / part <= MOST) ?? count
}

/** Return the parent of each group. A group that a damaged snapshot puts into itself, or whose parent is unknown, has none. */
export function parentsOf({ groups }: Graph): Map<string, string | null> {
  const parents = new Map(groups.map((g) => [g.id, g.parent]))
  for (const id of parents.keys()) {
    const seen = new Set<string>()
    for (let at = id; ; ) {
      seen.add(at)
      const parent = parents.get(at) ?? null
      if (parent === null) break
      if (seen.has(parent) || !parents.has(parent)) {
        parents.set(at, null)
        break
      }
      at = parent
    }
  }
  return parents
}
