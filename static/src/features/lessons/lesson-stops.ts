/**
 * Stops of a lesson, and their places on the stage. Stops count from 1: 0 is the opening, one more than there are
 * stops is the end. Pure.
 */

import type { Lesson, LessonStop } from '../../core/contract'
import { iterationName, type NamedIterations } from '../../core/iteration-names'
import type { PageState } from '../../page/state'
import type { Place } from '../../page/url'
import { type Answered, isUnfolded } from './lesson-folds'

/** A place of the stage, from 0. `node`: what it is about, null where that is no single node. */
export interface Spot {
  iteration: number
  step: number
  node: string | null
}

/** The opening is read where the walk begins. */
const BEGINNING: Spot = { iteration: 0, step: 0, node: null }

/** Return the place of the stage at a stop; null where it stays as it is. */
export function spotOf(lesson: Lesson, stop: number, answered: Answered): Spot | null {
  return stop === 0 ? BEGINNING : namedSpot(lesson.stops[stop - 1], answered)
}

/** Return the place that a stop names, which may be another one once its questions are answered; null where it names none. */
export function namedSpot(stop: LessonStop | undefined, answered: Answered): Spot | null {
  if (!stop) return null
  const { iteration, step, node } = isUnfolded(stop, answered) ? (stop.explanation ?? stop) : stop
  return iteration === null || step === null ? null : { iteration, step, node }
}

/** A place that names a stop and no step is where the stop is. */
export function atStop(place: Place, lesson: Lesson | null, answered: Answered): Place {
  const spot = place.stop === null || place.step !== null ? null : namedSpot(lesson?.stops[place.stop - 1], answered)
  return spot === null ? place : { ...place, ...spot }
}

/** Return whether the places of the lesson are valid for the run on show: it is a deterministic run of the same program. */
export function isTrusted({ lesson, head, pair, variation }: PageState): boolean {
  if (lesson === null || head === null || pair !== null || variation !== null) return false
  const { source, seed = 0, overrides = [] } = head.program
  return source === lesson.source && seed === 0 && overrides.length === 0
}

/** Return whether the stage is somewhere else than at the spot. */
export function isAway({ iteration, step }: Pick<PageState, 'iteration' | 'step'>, spot: Spot): boolean {
  return iteration !== spot.iteration || step !== spot.step
}

/** A spot as the page counts: from 1. `all`: the iterations of the run. */
export function spotText({ iteration, step }: Pick<Spot, 'iteration' | 'step'>, all: NamedIterations): string {
  return all.length > 1 ? `step ${step + 1} of ${iterationName(all, iteration)}` : `step ${step + 1}`
}
