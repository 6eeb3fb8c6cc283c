import { describe, expect, test } from 'vitest'
import type { LessonSummary } from '../../core/contract'
import { bestOf, found, inParts } from './lesson-chapters'

const one = (slug: string, part: string, title: string, summary = ''): LessonSummary => ({
  slug,
  part,
  title,
  summary,
  needs: [],
})

const LESSONS = [
  one('tensors', 'First steps', 'Tensors', 'Boxes of numbers.'),
  one('neuron', 'First steps', 'One neuron', 'The chain rule, with numbers.'),
  one('xor', 'Classics', 'XOR', 'Four points that no line divides.'),
]
const slugs = (lessons: readonly LessonSummary[]) => lessons.map(({ slug }) => slug)

test('lessons of one part stand together, in their order', () => {
  expect(inParts(LESSONS).map(({ name, lessons }) => [name, slugs(lessons)])).toEqual([
    ['First steps', ['tensors', 'neuron']],
    ['Classics', ['xor']],
  ])
  expect(inParts([])).toEqual([])
})

describe('what is typed', () => {
  test.each([
    ['', ['tensors', 'neuron', 'xor']],
    ['x', ['xor']],
    ['NUMB', ['tensors', 'neuron']],
    ['one numb', ['neuron']],
    ['rule neuron', ['neuron']],
    ['eur', []],
    ['?', ['tensors', 'neuron', 'xor']],
  ])('%j finds %j', (typed, expected) => expect(slugs(found(LESSONS, typed))).toEqual(expected))
})

test.each([
  ['numb', 0],
  ['neu', 1],
  ['', 0],
])('%j means the lesson that has it in its title, else the first', (typed, expected) => {
  expect(bestOf(LESSONS, typed)).toBe(expected)
})
