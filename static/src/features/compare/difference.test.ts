import { expect, test } from 'vitest'
import type { Tensor } from '../../core/contract'
import { cellOf, differenceOf, markOf, sizeOf, tellDifference } from './difference'

const tensor = (data: Tensor['data'], extra: Partial<Tensor> = {}): Tensor => ({
  id: 't0',
  shape: data === null || data.length === 1 ? [] : [data.length],
  dtype: 'float32',
  device: 'cpu',
  data,
  stats: null,
  ...extra,
})
const stats = (norm: number) => ({ min: 0, max: 1, mean: 0, std: 1, norm, zeros: 0, nans: 0, infs: 0 })

test.each([
  [tensor([2]), tensor([2]), 'same', '=', '='],
  [tensor([2.2]), tensor([2.5]), 'number', 'Δ +0.3', '+0.3'],
  [tensor([2.5]), tensor([2.2]), 'number', 'Δ −0.3', '−0.3'],
  [tensor([1, 2]), tensor([1, 2]), 'same', '=', '='],
  [tensor([1, 2]), tensor([0, 2.5]), 'most', '|Δ| ≤ 1', '≤ 1'],
  [tensor([1, 2]), tensor([1, 2, 3]), 'shape', '2 ≠ 3', 'shape'],
  [tensor(['NaN']), tensor(['NaN']), 'same', '=', '='],
  [tensor([1]), tensor(['NaN']), 'number', 'Δ NaN', 'NaN'],
  [tensor([0]), tensor([-0]), 'number', 'Δ 0', '0'],
  [tensor([1, 2]), tensor([1, 'Infinity']), 'most', '|Δ| ≤ ∞', '≤ ∞'],
  [tensor([[1, 0]]), tensor([[4, 4]]), 'number', 'Δ +5', '+5'],
  [tensor([true]), tensor([false]), 'number', 'Δ −1', '−1'],
  [tensor(null, { stats: stats(2) }), tensor(null, { stats: stats(2) }), 'alike', '≈', '≈'],
  [tensor(null, { stats: stats(2) }), tensor(null, { stats: stats(3) }), 'norm', 'Δ‖·‖ +1', '‖·‖ +1'],
] as const)('%# %o', (a, b, kind, mark, told) => {
  const found = differenceOf(a as Tensor, b as Tensor)
  expect(found.kind).toBe(kind)
  expect(markOf(found, a as Tensor, b as Tensor)).toBe(mark)
  expect(cellOf(found)).toBe(told)
})

test('the same number of another type is not the same bits', () => {
  expect(differenceOf(tensor([1]), tensor([1], { dtype: 'float64' }))).toEqual({ kind: 'number', delta: 0 })
})

test('what cannot be measured is the largest', () => {
  expect(sizeOf({ kind: 'shape' })).toBe(Number.POSITIVE_INFINITY)
  expect(sizeOf({ kind: 'number', delta: Number.NaN })).toBe(Number.POSITIVE_INFINITY)
  expect(sizeOf({ kind: 'number', delta: -3 })).toBe(3)
  expect(sizeOf({ kind: 'same' })).toBe(0)
})

test('a difference in a sentence', () => {
  expect(tellDifference({ kind: 'same' })).toBe('identical')
  expect(tellDifference({ kind: 'number', delta: -0.25 })).toBe('apart by −0.25')
  expect(tellDifference({ kind: 'most', delta: 0.125 })).toBe('apart by up to 0.125')
})
