import { describe, expect, test } from 'vitest'
import type { Lesson, LessonStop, SnapshotHead } from '../../core/contract'
import { heldStop, initialPage, type PageState } from '../../page/state'
import { head } from '../../page/testing'
import { NOWHERE } from '../../page/url'
import { atStop, isAway, isTrusted, spotOf, spotText } from './lesson-stops'

const stop = (iteration: number | null, step: number | null, node: string | null = null): LessonStop => ({
  title: '',
  html: '',
  iteration,
  step,
  node,
  questions: [],
  explanation: null,
})
const NOTHING_ANSWERED = new Set<string>()
const LESSON: Lesson = {
  slug: 'neuron',
  title: '',
  summary: '',
  text: '',
  html: '',
  opening: '',
  source: 'source of neuron',
  snapshot: 'neuron',
  stops: [stop(1, 4, 'n2'), stop(null, null), stop(0, 9)],
}

test.each([
  [-1, 0],
  [0, 0],
  [3, 3],
  [4, 4],
  [99, 4],
])('stop %i is held at %i', (wanted, held) => expect(heldStop(LESSON, wanted)).toBe(held))

test('without a lesson there is no stop', () => expect(heldStop(null, 2)).toBe(0))

test.each([
  [0, { iteration: 0, step: 0, node: null }],
  [1, { iteration: 1, step: 4, node: 'n2' }],
  [2, null],
  [3, { iteration: 0, step: 9, node: null }],
  [4, null],
])('at stop %i the stage goes where the text says', (at, spot) =>
  expect(spotOf(LESSON, at, NOTHING_ANSWERED)).toEqual(spot),
)

test('at a stop that asks, the stage waits until the answer, and then goes where the text explains', () => {
  const question = { html: '<p>Why?</p>', choices: null, number: 2, tolerance: 0, reply: '' }
  const asking = {
    ...stop(0, 3, 'n1'),
    questions: [question],
    explanation: { html: '', iteration: 0, step: 4, node: 'n1' },
  }
  const lesson = { ...LESSON, stops: [asking] }
  expect(spotOf(lesson, 1, NOTHING_ANSWERED)).toEqual({ iteration: 0, step: 3, node: 'n1' })
  expect(spotOf(lesson, 1, new Set(['<p>Why?</p>']))).toEqual({ iteration: 0, step: 4, node: 'n1' })
})

describe('an address', () => {
  test('that names a stop alone is where the stop is', () => {
    const place = { ...NOWHERE, stop: 1 }
    expect(atStop(place, LESSON, NOTHING_ANSWERED)).toEqual({ ...place, iteration: 1, step: 4, node: 'n2' })
  })

  test.each([
    { ...NOWHERE },
    { ...NOWHERE, stop: 2 },
    { ...NOWHERE, stop: 77 },
    { ...NOWHERE, stop: 1, step: 7, iteration: 0 },
  ])('that says more or nothing stays as it is', (place) => expect(atStop(place, LESSON, NOTHING_ANSWERED)).toBe(place))
})

describe('the places are those of the run on show', () => {
  const at = (patch: Partial<PageState>): PageState => ({ ...initialPage('light'), lesson: LESSON, ...patch })
  const program = (patch: Partial<SnapshotHead['program']>) =>
    head('neuron', [3], { program: { source: LESSON.source, seed: 0, overrides: [], ...patch } })

  test('when it is the same program, run here or there', () => {
    expect(isTrusted(at({ head: program({}) }))).toBe(true)
    expect(isTrusted(at({ head: { ...program({}), id: 'own' }, own: true }))).toBe(true)
  })

  test.each<[string, Partial<PageState>]>([
    ['without a run', {}],
    ['without a lesson', { lesson: null, head: program({}) }],
    ['with another program', { head: program({ source: 'x = 1' }) }],
    ['with another seed', { head: program({ seed: 1 }) }],
    ['with a number changed', { head: program({ overrides: [{ name: 'w', index: [0], value: 2 }] }) }],
  ])('not %s', (_what, patch) => expect(isTrusted(at(patch))).toBe(false))
})

test('the stage is away when step or iteration is another one', () => {
  const spot = { iteration: 1, step: 4, node: null }
  expect(isAway({ iteration: 1, step: 4 }, spot)).toBe(false)
  expect(isAway({ iteration: 0, step: 4 }, spot)).toBe(true)
  expect(isAway({ iteration: 1, step: 5 }, spot)).toBe(true)
})

test('a place is told as the page counts', () => {
  expect(spotText({ iteration: 1, step: 4 }, [{}])).toBe('step 5')
  expect(spotText({ iteration: 1, step: 4 }, [{}, {}])).toBe('step 5 of iteration 2')
  const turns = [{ line: 4, number: 1, variable: 'epoch', value: 1 }]
  expect(spotText({ iteration: 1, step: 4 }, [{}, { turns }])).toBe('step 5 of iteration 2 (epoch 1)')
})
