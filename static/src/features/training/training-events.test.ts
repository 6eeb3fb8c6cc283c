import { expect, test } from 'vitest'
import { headOf, inEpochs } from './testing'
import { eventsOf } from './training-events'

const head = headOf([4, 2, 3, 0.5], {
  w: { value: [1, 2, 3, 4], gradient: [0.2, 0.9, 0.4, 0.1] },
  still: { value: [1, 1, 1, 1], gradient: [0, 0, null, 0] },
  alone: { value: [null, 1, 1, null], gradient: [] },
})

test('every event has a sentence with its numbers, and a place to go to', () => {
  expect(eventsOf(head).map(({ kind, iteration, node, text }) => [kind, iteration, node, text])).toEqual([
    ['largest-gradient', 1, 'w', 'Largest gradient: w, norm 0.9, iteration 2 of 4'],
    ['rise', 2, null, 'The loss rose once in iteration 3: from 2 to 3'],
    ['lowest', 3, null, 'Lowest loss: 0.5, iteration 4 of 4, begun at 4'],
    ['no-gradient', 0, 'still', 'still never moved by its gradient: it was 0 in all 3 iterations that had one'],
    ['no-gradient', 1, 'alone', 'alone had no gradient in any of its 2 iterations'],
  ])
})

test('the first number that is not finite comes first', () => {
  const broken = structuredClone(head)
  if (broken.course) broken.course.first_nonfinite = { iteration: 2, node: 'loss', where: 'value' }
  expect(eventsOf(broken)[0]).toMatchObject({
    iteration: 2,
    node: 'loss',
    where: 'value',
    text: 'First NaN or infinite number: the value of loss (line 1), iteration 3',
  })
})

test('the largest of several rises is named, with how many there were', () => {
  const texts = eventsOf(headOf([1, 2, 1, 5, 'NaN', 9])).map(({ text }) => text)
  expect(texts).toContain('The loss rose 2 times, most in iteration 4: from 1 to 5')
})

test('where nothing happened there is nothing to go to', () => {
  expect(eventsOf(headOf([]))).toEqual([])
  expect(eventsOf(headOf([null, 'NaN']))).toEqual([])
})

test('with epochs and batches each event says its turn; the loss is compared over an evaluation', () => {
  const numbers = { value: [1, 1, 1, 1, 1, 1], gradient: [0.1, 0.2, null, 0.4, 0.3, null] }
  const texts = eventsOf(inEpochs(headOf([3, 2, null, 5, 1, null], { w: numbers }))).map(({ text }) => text)
  expect(texts).toEqual([
    'Largest gradient: w, norm 0.4, iteration 4 of 6 (epoch 1, batch 0)',
    'The loss rose once in iteration 4 (epoch 1, batch 0): from 2 to 5',
    'Lowest loss: 1, iteration 5 of 6 (epoch 1, batch 1), begun at 3',
  ])
})
