/** The answered questions of each lesson, kept in this browser. */

import { readStored, writeStored } from '../../core/storage'

/** `of`: how many questions the lesson has. `right`: the right answers that were given, by what is asked. */
export interface Score {
  of: number
  right: Readonly<Record<string, string>>
}

const NONE: Score = { of: 0, right: {} }

/** Return the stored score of a lesson; an empty one when the entry is missing or damaged. */
export function readScore(slug: string): Score {
  try {
    const { of, right } = { ...NONE, ...(JSON.parse(readStored(keyOf(slug)) ?? '{}') as Partial<Score>) }
    const sound = Number.isInteger(of) && typeof right === 'object' && right !== null && !Array.isArray(right)
    return sound ? { of, right } : NONE
  } catch {
    return NONE
  }
}

/** The score with one more right answer, kept. `asked`: what was asked; `of`: how many questions the lesson has. */
export function keepRight(slug: string, of: number, asked: string, given: string): Score {
  const score: Score = { of, right: { ...readScore(slug).right, [asked]: given } }
  writeStored(keyOf(slug), JSON.stringify(score))
  return score
}

/** Return the number of questions with a right answer. */
export function countRight({ of, right }: Score): number {
  return Math.min(of, Object.keys(right).length)
}

/** Return whether every question of the lesson has a right answer. */
export function isDone(score: Score): boolean {
  return score.of > 0 && countRight(score) === score.of
}

function keyOf(slug: string): string {
  return `lesson:${slug}`
}
