/** Finding steps in an iteration: by phase, by line, by node. Pure. Steps count from 0. */

import type { Step } from '../core/contract'
import type { NamedPhase } from './model'

/** The first step of the next phase; the last step when this is the last phase. */
export function nextPhase(phases: readonly NamedPhase[], step: number): number {
  const next = phases.findIndex((candidate, index) => index > step && candidate !== phases[step])
  return next === -1 ? Math.max(0, phases.length - 1) : next
}

/** The first step of this phase, or of the one before when this already is the first. */
export function previousPhase(phases: readonly NamedPhase[], step: number): number {
  const start = phaseStart(phases, step)
  return start < step ? start : phaseStart(phases, Math.max(0, start - 1))
}

/** Return the next step of a source line, from the first again after the last; null when the line has none. */
export function stepOfLine(steps: readonly Step[], line: number, after: number): number | null {
  return nextAround(steps, after, (step) => step.line === line)
}

/** Return the step in which a node's value appears; null when it has none. */
export function stepOfValue(steps: readonly Step[], node: string): number | null {
  const found = steps.findIndex((step) => step.node === node && (step.kind === 'leaf' || step.kind === 'operation'))
  return found === -1 ? null : found
}

/** Return the first step with a node's gradient: for a leaf, the step that adds to its `.grad`; null when it has none. */
export function stepOfGradient(steps: readonly Step[], node: string): number | null {
  const found = steps.findIndex(
    (step) => step.node === node && (step.kind === 'backward' || step.kind === 'accumulate'),
  )
  return found === -1 ? null : found
}

function phaseStart(phases: readonly NamedPhase[], step: number): number {
  let start = step
  while (start > 0 && phases[start - 1] === phases[step]) start -= 1
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
