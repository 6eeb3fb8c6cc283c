import { expect, test } from 'vitest'
import { narrate } from './sentences'
import { oneStep, passFrom, single, withObservations } from './testing'

const plain = oneStep('relu', single(3), single(3), passFrom('y', { y: single(1) }, { e0: single(1) }))

test('a sentence is that of the server, behind the place of its step', () => {
  const parts = [
    { text: 'y', kind: 'strong' as const },
    { text: ' is w: 3.', kind: 'plain' as const },
  ]
  const timeline = withObservations(plain, { sentences: [{ step: 0, parts }] })
  expect(narrate(timeline, 0).text).toBe('Step 1 of 3, forward. y is w: 3.')
  expect(narrate(timeline, 0).parts.slice(1)).toEqual(parts)
})

test('a sentence is found by its step, also where the run lacks steps of another one', () => {
  const timeline = withObservations(plain, { sentences: [{ step: 2, parts: [{ text: 'Here.', kind: 'plain' }] }] })
  expect([0, 1, 2].map((step) => narrate(timeline, step).text.slice('Step 1 of 3, '.length))).toEqual([
    'forward. ',
    'backward. ',
    'backward. Here.',
  ])
})

test('until the sentences are there, the place of the step is told', () => {
  expect(narrate(plain, 1).text).toBe('Step 2 of 3, backward. ')
  expect(narrate(plain, 99).text).toBe('Nothing was recorded.')
})
