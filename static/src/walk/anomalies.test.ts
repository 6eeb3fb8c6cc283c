import { describe, expect, it, test } from 'vitest'
import type { Tensor } from '../core/contract'
import { graphOf } from '../core/testing'
import { anomalyOf, originsOf } from './anomalies'
import { narrate } from './sentences'
import { oneStep, passFrom, single, tensor, timelineOf } from './testing'
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

describe('where it began', () => {
  const graph = graphOf(
    [
      ['x', null],
      ['a:log', null],
      ['b:mul', null],
      ['c:sub', null],
    ],
    [
      ['x', 'a'],
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ],
  )
  const inf = () => single('-Infinity')
  const steps = ['operation a e0', 'operation b e1', 'operation c e2 e3']

  it('is the operation that makes it, not one that hands it on', () => {
    const timeline = timelineOf(graph, { x: single(0), a: inf(), b: inf(), c: single('NaN') }, steps)
    expect(originsOf(timeline)).toEqual([
      { node: 'a', step: 0, what: '−∞', where: 'value' },
      { node: 'c', step: 2, what: 'NaN', where: 'value' },
    ])
    expect(frameAt(timeline, 1, 1).origins.length).toBe(1)
    expect(narrate(timeline, 2).text).toContain('The first NaN of this iteration begins here.')
  })

  const madeBy = (op: string, given = {}) => ({
    ...graph,
    nodes: graph.nodes.map((n) => (n.id === 'a' ? { ...n, op, arguments: given } : n)),
  })

  it.each([
    ['masked_fill', {}],
    ['__setitem__', { key: 1, value: '-inf' }],
    ['triu', { diagonal: 1 }],
    ['add', { other: '-inf' }],
  ])('is nowhere when a mask was meant: %s', (op, given) => {
    const values = { x: single(0), a: inf(), b: inf(), c: inf() }
    expect(originsOf(timelineOf(madeBy(op, given), values, steps))).toEqual([])
  })

  it('is where NaN is made, also of an infinite number that was given', () => {
    const nan = () => single('NaN')
    const values = { x: single(0), a: nan(), b: nan(), c: nan() }
    const origin = { node: 'a', step: 0, what: 'NaN', where: 'value' }
    expect(originsOf(timelineOf(madeBy('mul', { other: 'inf' }), values, steps))).toEqual([origin])
  })

  it('can be in the backward pass', () => {
    const pass = passFrom('y', { y: single(1), w: single('Infinity') }, { e0: single('Infinity') })
    const timeline = oneStep('sqrt', single(0), single(0), pass)
    expect(originsOf(timeline)).toEqual([{ node: 'y', step: 1, what: '∞', where: 'gradient' }])
    expect([...frameAt(timeline, 1, 1).flow.nonFiniteEdges]).toEqual(['e0'])
  })
})

describe('a gradient that is zero', () => {
  const pass = passFrom('y', { y: single(1), w: single(0) }, { e0: single(0) }, { w: single(0) })
  const timeline = oneStep('relu', single(-1), single(0), pass)

  it('leaves its edge dry once it has arrived', () => {
    expect([...frameAt(timeline, 1, 0).flow.zeroEdges]).toEqual([])
    expect([...frameAt(timeline, 1, 1).flow.zeroEdges]).toEqual(['e0'])
    expect(narrate(timeline, 1).text).toContain('No gradient flows on to w: it is exactly 0.')
  })

  it('is another thing than none', () => {
    expect(frameAt(timeline, 2, 1).without.size).toBe(0)
    const unreached = oneStep('relu', single(-1), single(0), passFrom('y', { y: single(1) }, {}))
    expect([...frameAt(unreached, 2, 1).without]).toEqual(['w'])
    expect(frameAt(unreached, 1, 1).without.size).toBe(0)
  })
})
