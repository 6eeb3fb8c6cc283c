import { describe, expect, test } from 'vitest'
import { compare, predict } from './loss-prediction'
import { change, recorded, rerun, tensor } from './testing'

/** L = w², at w = 1: the gradient is 2. */
const square = recorded(1, [2])

test('gradient times change, beside what came, and the second order between them', () => {
  const found = compare(square, [change(1.1)], rerun(square, 1.21), 0)
  // the loss is a float32
  expect(found).toMatchObject({ before: 1, now: Math.fround(1.21) })
  expect(found.real).toBeCloseTo(0.21, 6)
  expect(found.prediction).toMatchObject({ total: expect.closeTo(0.2, 12), note: null })
  expect(found.difference?.amount).toBeCloseTo(0.01, 6)
  expect(found.difference?.share).toBeCloseTo(0.01 / 0.21, 5)
  expect(found.difference?.isRounding).toBe(false)
})

test('of several elements the sum', () => {
  const found = predict(recorded(1, [2, -3]), [change(1.5), change(2, { index: [1] })], 0)
  expect(found).toMatchObject({ total: 2 * 0.5 - 3 * 1, terms: [{ gradient: 2 }, { gradient: -3, delta: 1 }] })
})

test('what the dtype of the loss cannot tell is rounding', () => {
  const flat = recorded(1, [0])
  expect(compare(flat, [change(2)], rerun(flat, 1 + 2 ** -23), 0).difference).toMatchObject({ isRounding: true })
  expect(compare(flat, [change(2)], rerun(flat, 1), 0).difference).toMatchObject({ amount: 0, share: null })
})

describe('no prediction', () => {
  const none = (run: typeof square, value = change(2), k = 0) => {
    const found = predict(run, [value], k)
    return 'none' in found ? found.none : ''
  }
  test('without a gradient', () => {
    expect(none(square, change(2, { name: 'x' }))).toBe('no gradient, for x does not require one')
    expect(none(recorded(1, [2], { gradients: {} }))).toBe('no gradient, for none came to w in the backward pass')
    expect(none(square, change(2, { name: 'v' }))).toContain('v is no leaf')
  })
  test('without a backward pass', () => {
    const forward = { ...square, body: { ...square.body, backward: [] } }
    expect(none(forward)).toContain('no backward pass')
  })
  test('when the pass had no single loss', () => {
    const roots = [
      { node: 'n2', output: 0 },
      { node: 'n1', output: 0 },
    ]
    expect(none(recorded(1, [2], { roots }))).toContain('several tensors')
  })
  test('for a gradient that is no number', () =>
    expect(none(recorded(1, [Number.NaN]))).toBe('the gradient of w is NaN'))
  test('for the loss of another iteration', () => {
    expect(none(square, change(2), 3)).toContain('iteration 4 comes after further updates')
  })
})

test('a backward pass that started with 2 gives twice the gradient', () => {
  const found = predict(recorded(1, [4], { seeds: { n2: [tensor([2], { shape: [] })] } }), [change(1.5)], 0)
  expect(found).toMatchObject({ total: 1, note: expect.stringContaining('started with 2') })
})

test('of several backward passes it is the first, as the loss is', () => {
  const twice = { ...square, body: { ...square.body, backward: [...square.body.backward, ...square.body.backward] } }
  expect(predict(twice, [change(1.5)], 0)).toMatchObject({
    total: 1,
    note: expect.stringContaining('2 backward passes'),
  })
})

test('the real change of a later iteration is told without a prediction', () => {
  const loop = { ...square, head: rerun(square, 1, 0.5) }
  const found = compare(loop, [change(2)], rerun(square, 4, 2), 1)
  expect(found).toMatchObject({ before: 0.5, now: 2, real: 1.5, difference: null })
})

test('a loss that is no number has no change', () => {
  expect(compare(square, [change(2)], rerun(square, Number.NaN), 0)).toMatchObject({
    now: null,
    real: null,
    difference: null,
  })
})
