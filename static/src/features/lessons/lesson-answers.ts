/** Answers of a reader to the questions of a lesson, and the replies to them. Pure. */

import type { LessonQuestion } from '../../core/contract'

/** `given`: what was typed, or the number of the choice, from 0. `reply`: HTML. */
export interface Verdict {
  given: string
  right: boolean
  reply: string
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
/** The relative tolerance within which only the sign of an answer is wrong. */
const SAME_SIZE = 0.01

/** Return the number that was typed, with a point or a comma; null when the text is no number. */
export function readNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/^[\u2212\u2013]/, '-')
    .replace(/e\u2212/i, 'e-')
    .replace(',', '.')
  const value = NUMBER.test(plain) ? Number(plain) : Number.NaN
  return Number.isFinite(value) ? value : null
}

/** Return the reason why an answer cannot be judged, as a sentence; null when it can. */
export function complaintOf(question: LessonQuestion, given: string): string | null {
  if (question.choices !== null)
    return question.choices[Number(given)] && given !== '' ? null : 'Choose one of the answers first.'
  if (given.trim() === '') return 'Type a number first.'
  return readNumber(given) === null ? `“${given.trim()}” is not a number. Write it like 0.25, −1.089 or 1e−3.` : null
}

/** The verdict on an answer that has no complaint. */
export function judge(question: LessonQuestion, given: string): Verdict {
  const choice = question.choices?.[Number(given)]
  if (choice) return { given, right: choice.right, reply: choice.reply }
  const value = readNumber(given) ?? Number.NaN
  const number = question.number ?? Number.NaN
  // the sizes that a decimal cannot hold exactly must not decide at the edge
  const right = Math.abs(value - number) <= (question.tolerance ?? 0) * (1 + 1e-9)
  return { given, right, reply: right ? (question.reply ?? '') : hint(value, number) }
}

/** Return the answer itself, for a reader who gives up. */
export function solution({ number, reply }: LessonQuestion): string {
  return `The number is ${number}. ${reply ?? ''}`.replace(' -', ' −')
}

function hint(value: number, number: number): string {
  const sameSize = Math.abs(Math.abs(value) - Math.abs(number)) <= SAME_SIZE * Math.abs(number)
  if (sameSize) return 'The size is right. Look at the sign once more.'
  return `The number that is asked for is ${number > value ? 'larger' : 'smaller'} than ${value}.`.replace(' -', ' −')
}
