/** Stepping over a group: past all of its steps in this phase. Pure. Steps count from 0. */

import type { Step } from '../core/contract'

/**
 * The first step after (1), or the last before (−1), `from` that is not of the group in the same phase; at the ends of the
 * iteration its last or first step. `members`: the nodes of the group; empty outside of all groups, where it is one step.
 */
export function stepOver(
  steps: readonly Step[],
  members: ReadonlySet<string>,
  from: number,
  direction: 1 | -1,
): number {
  const phase = steps[from]?.phase
  let at = from + direction
  for (let step = steps[at]; step !== undefined; at += direction, step = steps[at])
    if (step.phase !== phase || !members.has(step.node)) break
  return Math.max(0, Math.min(at, steps.length - 1))
}
