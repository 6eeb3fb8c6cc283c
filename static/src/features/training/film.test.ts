import { describe, expect, test } from 'vitest'
import type { Iteration, Tensor } from '../../core/contract'
import { cellsOf, contentOf, contentText, inView, MOST_CELLS, sharedScale, strideOf, tensorOf } from './film'

const tensor = (shape: number[], data: Tensor['data'], stats: Tensor['stats'] = null): Tensor => ({
  id: 't0',
  shape,
  dtype: 'float32',
  device: 'cpu',
  data,
  stats,
})
const stats = { min: -3, max: 2, mean: 0, std: 1, norm: 9, zeros: 0, nans: 0, infs: 0 }

describe('the cells', () => {
  test.each([
    [2, 1],
    [100, 1],
    [101, 2],
    [500, 5],
    [2000, 20],
    [123_456, 2000],
  ])('of %i iterations are every %i.', (count, stride) => {
    expect(strideOf(count)).toBe(stride)
    expect(cellsOf(count, 0).length).toBeLessThanOrEqual(MOST_CELLS + 1)
  })

  test('hold the iteration on show and the last one', () => {
    expect(cellsOf(4, 2)).toEqual([0, 1, 2, 3])
    const cells = cellsOf(500, 7)
    expect(cells.slice(0, 4)).toEqual([0, 5, 7, 10])
    expect(cells.at(-1)).toBe(499)
  })

  test('in view are those under the window and one on either side', () => {
    expect(inView(0, 300, 100, 50)).toEqual({ from: 0, to: 3 })
    expect(inView(1000, 300, 100, 50)).toEqual({ from: 9, to: 13 })
    expect(inView(4900, 300, 100, 50)).toEqual({ from: 48, to: 49 })
  })
})

test("a leaf's gradient is what the last backward pass left, any other's is its own", () => {
  const [first, last, own] = [tensor([], [1]), tensor([], [3]), tensor([], [7])]
  const iteration = {
    values: { w: [first] },
    backward: [
      { accumulated: { w: first }, gradients: { w: [first], z: [own] } },
      { accumulated: { w: last }, gradients: { w: [own] } },
    ],
  } as unknown as Iteration
  expect(tensorOf(iteration, 'w', 'value')).toBe(first)
  expect(tensorOf(iteration, 'w', 'gradient')).toBe(last)
  expect(tensorOf(iteration, 'z', 'gradient')).toBe(own)
  expect(tensorOf(iteration, 'z', 'value')).toBeNull()
})

test('a cell shows a number, a map, statistics, or nothing', () => {
  expect(contentOf(tensor([1, 1], ['NaN']))).toEqual({ kind: 'number', number: Number.NaN })
  expect(contentOf(tensor([2, 2], [1, 2, 3, true]))).toEqual({
    kind: 'map',
    rows: 2,
    columns: 2,
    numbers: [1, 2, 3, 1],
  })
  expect(contentOf(tensor([2, 1, 2], [1, 2, 3, 4]))).toMatchObject({ rows: 1, columns: 2, numbers: [1, 2] })
  expect(contentOf(tensor([9, 900], null, stats))).toEqual({ kind: 'statistics', shape: [9, 900], stats })
  expect(contentOf(tensor([0, 3], []))).toEqual({ kind: 'none' })
  expect(contentOf(null)).toEqual({ kind: 'none' })
})

test('all cells share one scale', () => {
  const contents = [tensor([], [-5]), tensor([2], [1, 'Infinity']), tensor([99, 99], null, stats), null].map(contentOf)
  expect(sharedScale(contents)).toBe(5)
  expect(sharedScale(contents.slice(1))).toBe(3)
  expect(sharedScale([])).toBe(0)
})

test.each([
  [tensor([], [0.25]), '0.25'],
  [tensor([2, 2], [1, 2, 3, 'NaN']), '2×2, 1 … 3, 1 NaN or infinite'],
  [tensor([9, 900], null, { ...stats, infs: 2 }), '9×900, −3 … 2, mean 0, 2 NaN or infinite'],
  [null, 'nothing'],
])('%j in words', (one, text) => expect(contentText(contentOf(one))).toBe(text))
