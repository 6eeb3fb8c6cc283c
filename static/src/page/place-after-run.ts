/** The place at which the walk goes on after a run: the same place as before, if it still exists. Pure. */

import type { SnapshotHead } from '../core/contract'
import { afterRun } from '../walk/breakpoints'
import type { PageState } from './state'
import { NOWHERE, type Place } from './url'

/** Return the place of the failure; else the same step if the program still has the same steps; else the start. */
export function placeAfterRun(
  { head: before, pair, iteration, step, open, lesson, stop, breakpoints: kept, predict }: PageState,
  head: SnapshotHead,
): Place {
  const compare = pair?.id ?? null
  const breakpoints = afterRun(kept, before, head)
  const place = {
    ...NOWHERE,
    breakpoints,
    lesson: lesson?.slug ?? null,
    stop: stop || null,
    snapshot: head.id,
    compare,
    predict,
  }
  const last = head.iterations.at(-1)
  if (head.outcome.error !== null && last)
    return { ...place, iteration: last.index, step: Math.max(0, last.steps - 1), node: head.outcome.error.node }
  const steps = (some: SnapshotHead | null) => some?.iterations.map((i) => i.steps).join() ?? null
  return steps(before) === steps(head) ? { ...place, iteration, step, open } : { ...place, iteration: 0, step: 0 }
}

/** Return the place after a run on change: the same step, or the nearest one. */
export function placeWhileWriting(
  { head: before, pair, iteration, step, open, selected, lesson, stop, breakpoints, predict }: PageState,
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
    ...NOWHERE,
    lesson: lesson?.slug ?? null,
    stop: stop || null,
    snapshot: head.id,
    iteration,
    step,
    node: alike(selected) ? selected : null,
    open: open?.filter((id) => groups.has(id)) ?? null,
    compare: pair?.id ?? null,
    breakpoints: afterRun(breakpoints, before, head),
    predict,
  }
}
