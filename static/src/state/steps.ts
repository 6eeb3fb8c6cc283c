/** Finding steps in an iteration: by phase, by line, by node. Pure. Steps count from 0. */

import type { Step } from '../api/types'

/** The first step of the next phase; the last step when this is the last phase. */
export function nextPhase(steps: readonly Step[], step: number): number {
  const phase = steps[step]?.phase
  const next = steps.findIndex((candidate, index) => index > step && candidate.phase !== phase)
  return next === -1 ? Math.max(0, steps.length - 1) : next
}

/** The first step of this phase, or of the one before when this already is the first. */
export function previousPhase(steps: readonly Step[], step: number): number {
  const start = phaseStart(steps, step)
  return start < step ? start : phaseStart(steps, Math.max(0, start - 1))
}

/** The next step of a source line, going round after the last; null when the line has none. */
export function stepOfLine(steps: readonly Step[], line: number, after: number): number | null {
  return nextAround(steps, after, (step) => step.line === line)
}

/** The step in which a node's value appears; null when it has none. */
export function stepOfValue(steps: readonly Step[], node: string): number | null {
  const found = steps.findIndex((step) => step.node === node && (step.kind === 'leaf' || step.kind === 'operation'))
  return found === -1 ? null : found
}

/** The first step in which a node's gradient is there: of a leaf, the one that adds to its `.grad`; null when it has none. */
export function stepOfGradient(steps: readonly Step[], node: string): number | null {
  const found = steps.findIndex(
    (step) => step.node === node && (step.kind === 'backward' || step.kind === 'accumulate'),
  )
  return found === -1 ? null : found
}

function phaseStart(steps: readonly Step[], step: number): number {
  let start = step
  while (start > 0 && steps[start - 1]?.phase === steps[step]?.phase) start -= 1
  return start
}

function nextAround(steps: readonly Step[], after: number, wanted: (step: Step) => boolean): number | null {
  for (let offset = 1; offset <= steps.length; offset += 1) {
    const index = (after + offset) % steps.length
    const step = steps[index]
    if (step && wanted(step)) return index
  }
  return null
}
