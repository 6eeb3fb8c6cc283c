import { describe, expect, it, test } from 'vitest'
import type { NonFiniteOrigin, Observations, StaleGradient } from '../core/contract'
import { elementIndexText } from './lookup'
import { missingGradientText, staleGradientAt, staleGradientText } from './observations'
import { oneStep, passFrom, single, tensor, withObservations } from './testing'
import { frameAt } from './timeline'

const LEAF = 2
const pass = passFrom('y', { y: single(1), w: single(3) }, { e0: single(3) }, { w: single(5) })
const plain = oneStep('square', single(2), single(4), pass)

describe('the first numbers that are not finite', () => {
  const origin = (change: Partial<NonFiniteOrigin>): NonFiniteOrigin => {
    return { node: 'y', output: 0, edge: null, step: 0, what: '−∞', where: 'value', ...change }
  }
  const later = origin({ step: 1, what: 'NaN', where: 'gradient', edge: 'e0' })
  const timeline = withObservations(plain, { non_finite: [origin({}), later] })

  it('are marked from their step on', () => {
    expect(frameAt(timeline, 0, 0.1).origins).toEqual([])
    expect(frameAt(timeline, 0, 1).origins).toEqual([origin({})])
    expect(frameAt(timeline, 1, 1).origins).toEqual([origin({}), later])
  })

  it('are not looked for on the page', () => {
    const mask = oneStep('__setitem__', single(0), single('-Infinity'), passFrom('y', {}, {}))
    expect(frameAt(mask, LEAF, 1).origins).toEqual([])
  })
})

describe('why there is no gradient', () => {
  const missing = (node: string, at: number | null): Observations['no_gradient'][number] => {
    return { node, pass: at, reason: 'unused', sentence: `No gradient reaches ${node}: no operation uses it.` }
  }

  it('is the sentence of the server', () => {
    const timeline = withObservations(plain, { no_gradient: [missing('w', 0)] })
    expect(missingGradientText(timeline, 'w')).toBe('No gradient reaches w: no operation uses it.')
    expect(missingGradientText(timeline, 'y')).toBeNull()
    expect(missingGradientText(plain, 'w')).toBeNull()
  })

  it('is said of the whole iteration, not of a pass before the last', () => {
    const twice = { ...plain, iteration: { ...plain.iteration, backward: [pass, pass] } }
    expect(missingGradientText(withObservations(twice, { no_gradient: [missing('w', 0)] }), 'w')).toBeNull()
    expect(missingGradientText(withObservations(twice, { no_gradient: [missing('w', 1)] }), 'w')).not.toBeNull()
  })

  it('is said where there is no backward pass', () => {
    const none = { ...plain, iteration: { ...plain.iteration, backward: [] } }
    expect(missingGradientText(withObservations(none, { no_gradient: [missing('w', null)] }), 'w')).not.toBeNull()
  })
})

const stale: StaleGradient = {
  node: 'w',
  pass: 0,
  step: LEAF,
  index: [],
  before: 30,
  added: 24.600000381469727,
  now: 54.599998474121094,
  count: 1,
  of: 1,
}

describe('a gradient that adds to an old one', () => {
  const timeline = withObservations(plain, { stale_gradients: [stale] })

  it('is told on the stage with all three numbers', () => {
    const text = 'w.grad: 30 still there + 24.6 new = 54.6'
    expect(frameAt(timeline, LEAF, 1).staleGradient).toEqual({ node: 'w', text })
  })

  it('is told when it has arrived, and at no other step', () => {
    expect(frameAt(timeline, LEAF, 0.1).staleGradient).toBeNull()
    expect(frameAt(timeline, LEAF - 1, 1).staleGradient).toBeNull()
    expect(plain.steps.map((step) => staleGradientAt(plain, step))).toEqual([null, null, null])
  })
})

test.each<[Partial<StaleGradient>, string]>([
  [{ before: -10, added: 4, now: -6, index: [1, 1], count: 2, of: 4 }, '[1, 1]: −10 still there + 4 new = −6'],
  [{ before: -5, added: 5, now: 0, index: [0], of: 1 }, '−5 still there + 5 new = 0'],
  [{ before: 1, added: -3, now: -2 }, '1 still there + (−3) new = −2'],
  [{ before: 'Infinity', added: 1, now: 'Infinity' }, '∞ still there + 1 new = ∞'],
])('%j is told as %s', (change, text) => expect(staleGradientText({ ...stale, ...change })).toBe(text))

test('places are written as PyTorch indexes', () => {
  expect([0, 1, 3].map((at) => elementIndexText(tensor([1, 2, 3, 4], [2, 2]), at))).toEqual([
    '[0, 0]',
    '[0, 1]',
    '[1, 1]',
  ])
  expect(elementIndexText(single(1), 0)).toBe('')
})
