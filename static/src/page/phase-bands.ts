/** The geometry of the timeline bar: phases as bands, steps as ticks. Pure. */

import type { NamedPhase } from '../walk/model'

/** Consecutive steps of one phase: `from` and `to` are step numbers, both included. */
export interface Band {
  phase: NamedPhase
  from: number
  to: number
}

/** The phases of the steps in order. */
export function bandsOf(phases: readonly NamedPhase[]): Band[] {
  const bands: Band[] = []
  phases.forEach((phase, at) => {
    const last = bands.at(-1)
    if (last?.phase === phase) last.to = at
    else bands.push({ phase, from: at, to: at })
  })
  return bands
}

/** The largest number of ticks on the bar. A longer iteration shows a window around the current step. */
export const MOST_TICKS = 60

/** The first and last step on the bar. The window moves by halves of itself, so that the bar stands still for long. */
export function windowOf(count: number, step: number): { from: number; to: number } {
  if (count <= MOST_TICKS) return { from: 0, to: count - 1 }
  const half = MOST_TICKS / 2
  const from = Math.max(0, Math.min(count - MOST_TICKS, (Math.floor(step / half) - 0.5) * half))
  return { from: Math.round(from), to: Math.round(from) + MOST_TICKS - 1 }
}

/** Return the position of a step's tick, 0..1 over the window. */
export function tickAt(step: number, from: number, to: number): number {
  return (step - from + 0.5) / (to - from + 1)
}

/** The step whose tick is nearest to `share` (0..1) of the bar. */
export function stepAt(share: number, from: number, to: number): number {
  return Math.max(from, Math.min(to, Math.floor(from + share * (to - from + 1))))
}
