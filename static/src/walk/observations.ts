/** The observations of an iteration, which the server makes, as the walk tells them. Pure. */

import type { Observations, StaleGradient, Step } from '../core/contract'
import { formatNumber, toNumber } from '../core/numbers'
import { inBrackets } from './lookup'
import type { Frame, Timeline } from './model'

/** The observations of an iteration of which the server has not told any yet. */
export const NOTHING_OBSERVED: Observations = {
  iteration: 0,
  non_finite: [],
  no_gradient: [],
  stale_gradients: [],
  sentences: [],
}

/** Letters of a leaf's name that a remark has room for. */
const LONGEST_NAME = 12

/** Return why no gradient reaches a node in the whole iteration, as a sentence; null where nothing is known of that. */
export function missingGradientText({ iteration, observations }: Timeline, node: string): string | null {
  const last = iteration.backward.length - 1
  const found = observations.no_gradient.find((one) => one.node === node && (one.pass ?? last) === last)
  return found?.sentence ?? null
}

/** Return what the `.grad` of the step's leaf held before the step added to it; null where it held nothing. */
export function staleGradientAt({ observations }: Timeline, step: Step): StaleGradient | null {
  return observations.stale_gradients.find((one) => one.step === step.index) ?? null
}

/** Return "24.6 still there + 30 new = 54.6"; of many numbers, with the place of the one that is told. */
export function staleGradientText({ index, before, added, now, of }: StaleGradient): string {
  const where = of < 2 ? '' : `[${index.join(', ')}]: `
  return `${where}${formatNumber(toNumber(before))} still there + ${inBrackets(toNumber(added))} new = ${formatNumber(toNumber(now))}`
}

/** Return the remark at the leaf of a step that adds to an old gradient; null where there was none. */
export function staleGradientOf(timeline: Timeline, step: Step): Frame['staleGradient'] {
  const stale = staleGradientAt(timeline, step)
  const name = timeline.nodes.get(step.node)?.name ?? ''
  const whose = name === '' || name.length > LONGEST_NAME ? '.grad' : `${name}.grad`
  return stale && { node: step.node, text: `${whose}: ${staleGradientText(stale)}` }
}
