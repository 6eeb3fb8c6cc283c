import { describe, expect, it, test } from 'vitest'
import type { Element } from '../core/contract'
import { narrate } from './sentences'
import { elementIndexText, staleGradientAt } from './stale-gradient'
import { oneStep, passFrom, single, tensor } from './testing'
import { frameAt } from './timeline'

const LEAF = 2

function after(added: Element, now: Element, dtype = 'float32') {
  const [g, total] = [single(added, dtype), single(now, dtype)]
  return oneStep('square', single(2), single(4), passFrom('y', { y: single(1), w: g }, { e0: g }, { w: total }))
}

describe('a gradient that adds to an old one', () => {
  const timeline = after(24.600000381469727, 54.599998474121094)

  it('is told on the stage and in the sentence with all three numbers', () => {
    expect(frameAt(timeline, LEAF, 1).staleGradient).toEqual({
      node: 'w',
      text: 'w.grad: 30 still there + 24.6 new = 54.6',
    })
    expect(narrate(timeline, LEAF).text).toContain('The old w.grad was still there: 30 still there + 24.6 new = 54.6.')
  })

  it('is told when it has arrived, and at no other step', () => {
    expect(frameAt(timeline, LEAF, 0.1).staleGradient).toBeNull()
    expect(frameAt(timeline, LEAF - 1, 1).staleGradient).toBeNull()
  })
})

test.each<[string, Element, Element, string, number | null]>([
  ['nothing was there', 3, 3, 'float32', null],
  ['rounding is nothing', 0.1, 0.10000000149, 'float32', null],
  ['bfloat16 rounds coarsely', 1, 1.0078125, 'bfloat16', null],
  ['float64 does not', 1, 1.00001, 'float64', 1.00001 - 1],
  ['an old gradient and no new one', 0, 5, 'float32', 5],
  ['the two cancel', 5, 0, 'float32', -5],
  ['an old infinity', 1, 'Infinity', 'float32', Number.POSITIVE_INFINITY],
  ['a new infinity says nothing of the old', 'Infinity', 'Infinity', 'float32', null],
  ['an old NaN', 1, 'NaN', 'float32', Number.NaN],
])('%s', (_, added, now, dtype, before) => {
  const timeline = after(added, now, dtype)
  const step = timeline.steps[LEAF]
  const found = (step ? staleGradientAt(timeline, step) : null)?.before ?? null
  if (before === null || !Number.isFinite(before)) expect(found).toBe(before)
  else expect(found).toBeCloseTo(before, 9)
})

function grownAtLeaf(added: Element[], now: Element[]) {
  const [g, total] = [tensor(added, [2, 2]), tensor(now, [2, 2])]
  const timeline = oneStep('square', g, g, passFrom('y', { y: g, w: g }, { e0: g }, { w: total }))
  const step = timeline.steps[LEAF]
  return step ? staleGradientAt(timeline, step) : null
}

test('of many numbers the one with the largest rest is worked out, and the others are counted', () => {
  const found = grownAtLeaf([1, 2, 3, 4], [1, 3, 3, -6])
  expect(found).toEqual({ place: '[1, 1]', before: -10, added: 4, now: -6, count: 2, of: 4 })
})

test('places are written as PyTorch indexes', () => {
  expect([0, 1, 3].map((at) => elementIndexText(tensor([1, 2, 3, 4], [2, 2]), at))).toEqual([
    '[0, 0]',
    '[0, 1]',
    '[1, 1]',
  ])
  expect(elementIndexText(single(1), 0)).toBe('')
})
