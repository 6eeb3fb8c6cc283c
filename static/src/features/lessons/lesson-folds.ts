/**
 * Which texts of a lesson are folded: what explains a question, until it is answered or the reader asks to be shown, and
 * every stop after that one. Pure.
 */

import type { Lesson, LessonStop } from '../../core/contract'

/** The questions, by what is asked, that the reader has answered rightly or wrongly, or has asked to be shown. */
export type Answered = ReadonlySet<string>

/** Return whether the stop has nothing folded any more. */
export function isUnfolded(stop: LessonStop, answered: Answered): boolean {
  return stop.explanation === null || stop.questions.every(({ html }) => answered.has(html))
}

/** Return the number of the first stop, from 1, that waits for an answer; null when none does. */
export function waitingStop(lesson: Lesson, answered: Answered): number | null {
  const index = lesson.stops.findIndex((stop) => !isUnfolded(stop, answered))
  return index < 0 ? null : index + 1
}

/** Return whether only the title of stop `number` shows: one before it waits, and the reader at stop `at` has not come so far. */
export function isFolded(lesson: Lesson, answered: Answered, number: number, at: number): boolean {
  const waiting = waitingStop(lesson, answered)
  return waiting !== null && number > waiting && number > at
}
