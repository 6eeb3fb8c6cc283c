/** The next step in which a gradient reaches a node. Pure. Steps count from 0. */

import type { Timeline } from './model'

/**
 * Return the nearest step after (1) or before (−1) `from` in which a contribution arrives at `node`, or its gradient is complete;
 * null when this iteration has none.
 */
export function gradientFrom(timeline: Timeline, node: string, from: number, direction: 1 | -1): number | null {
  for (let at = from + direction; at >= 0 && at < timeline.steps.length; at += direction)
    if (reaches(timeline, node, at)) return at
  return null
}

function reaches({ steps, edges, iteration }: Timeline, node: string, at: number): boolean {
  const step = steps[at]
  if (step === undefined || step.pass === null) return false
  const contributions = iteration.backward[step.pass]?.contributions
  return (
    step.node === node || step.edges.some((id) => edges.get(id)?.source === node && contributions?.[id] !== undefined)
  )
}
