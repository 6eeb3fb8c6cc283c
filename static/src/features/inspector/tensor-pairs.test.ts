import { expect, test } from 'vitest'
import type { Tensor } from '../../core/contract'
import { nodeOf } from '../../core/testing'
import type { Facts } from './node-facts'
import { pairsOf } from './tensor-pairs'

const vector = (...data: number[]): Tensor => ({
  id: 't0',
  shape: [data.length],
  dtype: 'float32',
  device: 'cpu',
  data,
  stats: null,
})
const facts = (extra: Partial<Facts>): Facts => ({
  node: nodeOf('h:mul', null),
  label: 'h',
  expression: null,
  values: null,
  inside: [],
  valueStep: null,
  gradient: null,
  gradients: [],
  gradientStep: null,
  accumulated: null,
  contributions: [],
  passings: [],
  update: null,
  autograd: [],
  ...extra,
})
const names = (extra: Partial<Facts>) => pairsOf(facts(extra)).map((pair) => pair.members.map((one) => one.name))

test('a value and its gradient are one pair', () => {
  expect(names({ values: [vector(1, 2)] })).toEqual([['value']])
  expect(names({ values: [vector(1, 2)], gradients: [vector(3, 4)] })).toEqual([['value', '∂L/∂h']])
})

test('each output has its own gradient', () => {
  const [a, b] = [vector(1, 2), vector(3, 4)]
  expect(names({ values: [a, b], gradients: [null, b] })).toEqual([['output 0'], ['output 1', '∂L/∂(output 1)']])
})

test('single numbers stand among the facts', () => expect(names({ values: [vector(1)] })).toEqual([]))

test('the accumulated gradient is shown where it is another one', () => {
  const both = { values: [vector(1, 2)], gradients: [vector(3, 4)] }
  expect(names({ ...both, accumulated: vector(3, 4) })).toHaveLength(1)
  expect(names({ ...both, accumulated: vector(6, 8) })).toEqual([['value', '∂L/∂h'], ['h.grad']])
})

test('what a fused operation has inside', () => {
  expect(names({ values: [vector(1, 2)], inside: [['weights', vector(0.5, 0.5)]] })).toEqual([['value'], ['weights']])
})
