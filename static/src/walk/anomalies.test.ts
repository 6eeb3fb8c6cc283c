import { describe, expect, it, test } from 'vitest'
import type { Tensor } from '../core/contract'
import { anomalyOf } from './anomalies'
import { oneStep, passFrom, single, tensor } from './testing'
import { frameAt } from './timeline'

test.each<[string, Tensor, boolean, string]>([
  ['zeros', tensor([0, 0]), true, ''],
  ['minus zero is zero', single(-0), true, ''],
  ['a small number is not', single(1e-30), false, ''],
  ['all three kinds', tensor(['-Infinity', 1, 'NaN', 'Infinity']), false, 'NaN,∞,−∞'],
  ['nothing at all', tensor([]), false, ''],
])('%s', (_, one, zero, notFinite) => {
  expect(anomalyOf(one).zero).toBe(zero)
  expect(anomalyOf(one).notFinite.join()).toBe(notFinite)
})

test('of a tensor without its numbers the statistics tell', () => {
  const stats = { min: 0, max: 0, mean: 0, std: 0, norm: 0, zeros: 4, nans: 0, infs: 0 }
  const large = (change: object) => ({ ...single(0), data: null, stats: { ...stats, ...change } }) as Tensor
  expect(anomalyOf(large({})).zero).toBe(true)
  expect(anomalyOf(large({ max: 1 })).zero).toBe(false)
  expect(anomalyOf(large({ nans: 2, infs: 1 }))).toEqual({ zero: false, notFinite: ['NaN', '∞'] })
})

describe('a gradient that is zero', () => {
  const pass = passFrom('y', { y: single(1), w: single(0) }, { e0: single(0) }, { w: single(0) })
  const timeline = oneStep('relu', single(-1), single(0), pass)

  it('leaves its edge dry once it has arrived', () => {
    expect([...frameAt(timeline, 1, 0).flow.zeroEdges]).toEqual([])
    expect([...frameAt(timeline, 1, 1).flow.zeroEdges]).toEqual(['e0'])
  })

  it('is not infinite, which spoils its edge', () => {
    const spoiled = passFrom('y', { y: single(1), w: single('Infinity') }, { e0: single('Infinity') })
    const { flow } = frameAt(oneStep('sqrt', single(0), single(0), spoiled), 1, 1)
    expect([[...flow.zeroEdges], [...flow.nonFiniteEdges]]).toEqual([[], ['e0']])
  })

  it('is another thing than none', () => {
    expect(frameAt(timeline, 2, 1).without.size).toBe(0)
    const unreached = oneStep('relu', single(-1), single(0), passFrom('y', { y: single(1) }, {}))
    expect([...frameAt(unreached, 2, 1).without]).toEqual(['w'])
    expect(frameAt(unreached, 1, 1).without.size).toBe(0)
  })
})
