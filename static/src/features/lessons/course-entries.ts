/** The lessons as the map of the course shows them: with what each builds on, what builds on it, and what was done. */

import type { LessonSummary } from '../../core/contract'
import { countRight, isDone, readScore } from './lesson-score'

/** A lesson on the map. `number`: its place in the course, from 1. `right` of `of` questions are answered. */
export interface CourseEntry extends Omit<LessonSummary, 'needs'> {
  number: number
  needs: readonly LessonSummary[]
  leadsTo: readonly LessonSummary[]
  right: number
  of: number
  isDone: boolean
}

export function courseOf(lessons: readonly LessonSummary[]): CourseEntry[] {
  return lessons.map((one, index) => {
    const score = readScore(one.slug)
    return {
      ...one,
      number: index + 1,
      needs: lessons.filter(({ slug }) => one.needs.includes(slug)),
      leadsTo: lessons.filter(({ needs }) => needs.includes(one.slug)),
      right: countRight(score),
      of: score.of,
      isDone: isDone(score),
    }
  })
}

/** What was done, in words; empty where nothing was. */
export function doneText({ isDone, right, of }: CourseEntry): string {
  if (isDone) return '✓ done'
  return right > 0 ? `${right} of ${of} questions` : ''
}
