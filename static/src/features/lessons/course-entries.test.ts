import { beforeEach, expect, test } from 'vitest'
import type { LessonSummary } from '../../core/contract'
import { stubStorage } from '../../page/testing'
import { courseOf, doneText } from './course-entries'
import { keepRight } from './lesson-score'

const lesson = (slug: string, ...needs: string[]): LessonSummary => ({
  slug,
  title: slug,
  summary: '',
  part: '',
  needs,
})
const LESSONS = [lesson('tensor'), lesson('neuron'), lesson('matrix', 'tensor', 'neuron')]

beforeEach(stubStorage)

test('every lesson knows what it builds on, and what builds on it', () => {
  const [tensor, , matrix] = courseOf(LESSONS)
  expect(matrix?.needs.map(({ slug }) => slug)).toEqual(['tensor', 'neuron'])
  expect(tensor?.leadsTo.map(({ slug }) => slug)).toEqual(['matrix'])
  expect(courseOf(LESSONS).map(({ number }) => number)).toEqual([1, 2, 3])
})

test('what was done in this browser is told', () => {
  keepRight('tensor', 2, 'a', '1')
  keepRight('neuron', 1, 'a', '1')
  expect(courseOf(LESSONS).map(doneText)).toEqual(['1 of 2 questions', '✓ done', ''])
  expect(courseOf(LESSONS).map(({ isDone }) => isDone)).toEqual([false, true, false])
})
