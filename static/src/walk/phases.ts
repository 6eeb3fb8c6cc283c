/** The steps of learning, by the names that a course gives them. Pure. */

import type { Iteration } from '../core/contract'
import type { NamedPhase } from './model'

/**
 * The phase of each step by its name. What the first iteration creates before it computes is its initialisation, where it
 * learns at all: without a backward pass, and for the data that a later iteration fetches, creating is a part of the forward pass.
 */
export function phasesOf({ index, steps, backward }: Pick<Iteration, 'index' | 'steps' | 'backward'>): NamedPhase[] {
  const computed = steps.findIndex(({ kind }) => kind !== 'leaf')
  const initial = index === 0 && backward.length > 0 ? computed : 0
  return steps.map(({ phase }, at) => (at < initial ? 'initialise' : phase))
}
