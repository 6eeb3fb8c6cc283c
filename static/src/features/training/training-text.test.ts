import { expect, test } from 'vitest'
import { axisFor } from '../../ui/chart/axis'
import { headOf, inEpochs, type Numbers } from './testing'
import { type Multiple, trainingOf } from './training-history'
import { iterationText, lossSummary, multipleSummary, valueText } from './training-text'

const summary = (numbers: Numbers) => {
  const [one] = trainingOf(
    headOf(
      numbers.gradient.map(() => 1),
      { w: numbers },
    ),
  ).multiples
  return one && multipleSummary(one, [])
}

test.each([
  [
    { value: [0, 1, 2.9], gradient: [0.25, 0.31, 0.02] },
    'w: gradient norm from 0.25 down to 0.02, largest 0.31 in iteration 2; value from 0 up to 2.9',
  ],
  [
    {
      value: [
        [-1, 1],
        [-2, 2],
      ],
      gradient: [0, 0],
    },
    'w: gradient norm 0 all the time, largest 0 in iteration 1; values −1 … 1 at first, −2 … 2 at last',
  ],
  [{ value: [5, 5], gradient: [null, null] }, 'w: no gradient in any iteration; value 5 all the time'],
  [
    { value: [5, null], gradient: [1, 'NaN'] },
    'w: gradient norm 1 all the time, largest 1 in iteration 1; NaN or infinite in iteration 2; value 5 all the time',
  ],
  [{ value: [null, null], gradient: [null, null] }, 'w: no gradient in any iteration; no finite value'],
] as [Numbers, string][])('%j', (numbers, text) => expect(summary(numbers)).toBe(text))

test('the loss', () => {
  const training = (losses: Parameters<typeof headOf>[0]) => trainingOf(headOf(losses))
  const falling = training([5, 0.001, 0.01])
  expect(lossSummary(falling, axisFor([5, 0.001]))).toBe(
    'Loss from 5 down to 0.01, lowest 0.001 in iteration 2, drawn on a logarithmic scale.',
  )
  expect(lossSummary(training([2, 3, 'NaN', 'NaN']), null)).toBe(
    'Loss from 2 up to 3, lowest 2 in iteration 1; NaN or infinite in iterations 3 to 4.',
  )
  expect(lossSummary(training([null, null]), null)).toBe('No finite loss was recorded.')
})

test('an iteration says what is drawn of it', () => {
  const training = trainingOf(headOf([1, 0.5], { w: { value: [1, [2, 3]], gradient: [0.1, null] } }))
  expect(iterationText(training, 0)).toBe('iteration 1 of 2, loss 1, w 1, gradient norm 0.1')
  expect(iterationText(training, 1)).toBe('iteration 2 of 2, loss 0.5, w 2 … 3, gradient norm –')
  expect(valueText({ low: [null], high: [null] }, 0)).toBe('–')
})

test('an iteration is called by its turns, and an evaluation has neither loss nor gradient', () => {
  const numbers = { value: [1, 2, 3, 4, 5, 6], gradient: [0.1, 0.2, null, 0.4, 0.5, null] }
  const training = trainingOf(inEpochs(headOf([3, 2, null, 1, 4, null], { w: numbers })))
  expect(iterationText(training, 1)).toBe('iteration 2 of 6 (epoch 0, batch 1), loss 2, w 2, gradient norm 0.2')
  expect(iterationText(training, 2)).toBe('iteration 3 of 6 (evaluation, epoch 0), w 3')
  expect(lossSummary(training, null)).toBe('Loss from 3 up to 4, lowest 1 in iteration 4 (epoch 1, batch 0).')
  expect(multipleSummary(training.multiples[0] as Multiple, training.iterations)).toContain(
    'largest 0.5 in iteration 5 (epoch 1, batch 1)',
  )
  const broken = trainingOf(inEpochs(headOf([3, 'NaN', null, 'NaN', 4, null])))
  expect(lossSummary(broken, null)).toContain('NaN or infinite in iteration 2 (epoch 0, batch 1) and later again')
})

test('says how the loss went on after the recording was full', () => {
  const cut = { ...trainingOf(headOf([3, 2])), beyond: [1.5, 1] }
  expect(lossSummary(cut, null)).toBe(
    'Loss from 3 down to 2, lowest 2 in iteration 2. Then the recording was full; the loss went from 1.5 down to 1 over 2 more passes.',
  )
})

test('says where turns between two iterations are missing', () => {
  const cut = { ...trainingOf(headOf([3, 2])), gaps: [{ before: 1, passes: 48 }] }
  expect(lossSummary(cut, null)).toBe(
    'Loss from 3 down to 2, lowest 2 in iteration 2. Between iteration 1 and iteration 2: 48 passes not recorded.',
  )
})
