/** Where the walk goes on while the program is being written. Pure. */

import type { SnapshotHead } from '../api/types'
import type { PageState } from './page'
import type { Place } from './url'

/** Where the walk goes on after a run on change: at the same step, as far as there is one. */
export function placeWhileWriting(
  { head: before, iteration, step, open, selected, lesson }: PageState,
  head: SnapshotHead,
): Place {
  const alike = (id: string | null) => {
    const find = (some: SnapshotHead | null) =>
      some?.graphs.flatMap(({ nodes }) => nodes).find((node) => node.id === id)
    const [old, now] = [find(before), find(head)]
    return old !== undefined && old.op === now?.op && old.name === now.name
  }
  const groups = new Set(head.graphs.flatMap((graph) => graph.groups.map(({ id }) => id)))
  return {
    lesson: lesson?.slug ?? null,
    snapshot: head.id,
    iteration,
    step,
    node: alike(selected) ? selected : null,
    open: open?.filter((id) => groups.has(id)) ?? null,
  }
}
