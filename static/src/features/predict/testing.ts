/** Questions for tests. */

import type { Question } from '../../core/contract'

/** A question before a step, from 0, that wants a sign. */
export function question(id: string, step: number): Question {
  return {
    id,
    kind: 'sign',
    iteration: 0,
    step,
    text: 'Will the gradient of w be positive, negative or zero?',
    form: 'one',
    choices: ['positive', 'zero', 'negative'].map((word) => ({ value: word, text: word, node: null })),
    precision: null,
    node: 'n0',
  }
}
