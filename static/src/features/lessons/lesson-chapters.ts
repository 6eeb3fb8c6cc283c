/** The list of lessons: in parts, and those that what is typed finds. Pure. */

import type { LessonSummary } from '../../core/contract'

/** A part of the course with its lessons, in the order in which they are taught; `name` is empty where they are in none. */
export interface Part<T extends Placed> {
  name: string
  lessons: readonly T[]
}

type Placed = Pick<LessonSummary, 'part'>

/** The lessons in whose title or summary every word of `typed` begins a word. */
export function found(lessons: readonly LessonSummary[], typed: string): readonly LessonSummary[] {
  return lessons.filter((lesson) => holds(`${lesson.title} ${lesson.summary}`, typed))
}

/** The number of the lesson among those found that is meant: the first one with the words in its title, else the first. */
export function bestOf(shown: readonly LessonSummary[], typed: string): number {
  return Math.max(
    0,
    shown.findIndex((lesson) => holds(lesson.title, typed)),
  )
}

function holds(text: string, typed: string): boolean {
  const words = wordsOf(text)
  return wordsOf(typed).every((one) => words.some((word) => word.startsWith(one)))
}

/** Lessons that follow each other in one part, together. */
export function inParts<T extends Placed>(lessons: readonly T[]): readonly Part<T>[] {
  const parts: { name: string; lessons: T[] }[] = []
  for (const lesson of lessons) {
    const last = parts.at(-1)
    if (last?.name === lesson.part) last.lessons.push(lesson)
    else parts.push({ name: lesson.part, lessons: [lesson] })
  }
  return parts
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
}
