/** Before which steps the walk stops. Pure; steps count from 0. */

import type { Question } from '../../core/contract'
import type { Results } from './prediction-score'

/** Return how far a walk from step `from` may go towards `to`: to the step before the next open question. */
export function heldAt(questions: readonly Question[], results: Results, from: number, to: number): number {
  const open = questions.filter(({ id, step }) => !results.has(id) && step > from && step <= to)
  return open.length === 0 ? to : Math.min(...open.map(({ step }) => step)) - 1
}

/** Return the question at the end of a step; null without one. */
export function askedAt(questions: readonly Question[], results: Results, step: number): Question | null {
  return questions.find((one) => one.step === step + 1 && !results.has(one.id)) ?? null
}

/** The step at whose end the next question is asked; null when none is open after it. */
export function nextStop(questions: readonly Question[], results: Results, step: number): number | null {
  const open = questions.filter((one) => one.step > step && !results.has(one.id))
  return open.length === 0 ? null : Math.min(...open.map((one) => one.step)) - 1
}
