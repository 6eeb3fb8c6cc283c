import { describe, expect, test } from 'vitest'
import type { Element, Tensor } from './contract'
import {
  describeExtremes,
  describeShape,
  elementCount,
  extremesOf,
  heldDimensions,
  isSingle,
  sameNumbers,
  sliceOf,
  statsOf,
  whyBeyond,
  whyNowhere,
} from './tensors'

function tensorOf(shape: number[], data: Element[] | null): Tensor {
  return { id: 't0', shape, dtype: 'float32', device: 'cpu', data, stats: null }
}

const counting = (shape: number[]) =>
  tensorOf(
    shape,
    Array.from({ length: elementCount(shape) }, (_, i) => i),
  )

function rowsOf(tensor: Tensor, held: number[]): Element[][] {
  const slice = sliceOf(tensor, held)
  if (!slice) throw new Error('no numbers')
  return Array.from({ length: slice.rows }, (_, r) => Array.from({ length: slice.columns }, (_, c) => slice.at(r, c)))
}

describe('sliceOf', () => {
  test('a scalar is one cell, a vector one row', () => {
    expect(rowsOf(counting([]), [])).toEqual([[0]])
    expect(rowsOf(counting([3]), [])).toEqual([[0, 1, 2]])
  })

  test('a matrix is itself', () =>
    expect(rowsOf(counting([2, 3]), [])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]))

  test('more dimensions are held at an index each', () => {
    const tensor = counting([2, 2, 2, 2])
    expect(heldDimensions(tensor.shape)).toBe(2)
    expect(rowsOf(tensor, [1, 0])).toEqual([
      [8, 9],
      [10, 11],
    ])
    expect(rowsOf(tensor, [])).toEqual([
      [0, 1],
      [2, 3],
    ])
  })

  test('without numbers there is no slice', () => expect(sliceOf(tensorOf([2], null), [])).toBeNull())
})

describe('statsOf', () => {
  test('the numbers that are finite', () => {
    expect(statsOf(tensorOf([5], [1, 3, 0, 'NaN', '-Infinity']))).toEqual({
      min: 0,
      max: 3,
      mean: 4 / 3,
      std: Math.sqrt(14 / 9),
      norm: Math.sqrt(10),
      zeros: 1,
      nans: 1,
      infs: 1,
    })
  })

  test('nothing finite has no mean', () => {
    expect(statsOf(tensorOf([1], ['NaN']))).toMatchObject({ min: null, mean: null, std: null, nans: 1 })
    expect(statsOf(tensorOf([0], []))).toMatchObject({ min: null, norm: null, zeros: 0 })
  })

  test('recorded statistics are taken as they are', () => {
    const stats = { min: 1, max: 2, mean: 1.5, std: 0.5, norm: 3, zeros: 0, nans: 0, infs: 0 }
    expect(statsOf({ ...tensorOf([3000], null), stats })).toBe(stats)
  })
})

describe('extremes', () => {
  test('stand where they come first', () => {
    expect(describeExtremes(tensorOf([2, 3], [5, -1, 5, -1, 0, 2]))).toBe(
      '2×3: smallest −1 at [0, 1], largest 5 at [0, 0]',
    )
    expect(describeExtremes(counting([]))).toBe('scalar: all 0')
  })

  test('what is not finite is counted', () => {
    const broken = tensorOf([4], ['NaN', 2, '-Infinity', 'NaN'])
    expect(describeExtremes(broken)).toBe('4: smallest 2 at [1], largest 2 at [1], 2 NaN, 1 infinite')
    expect(describeExtremes(tensorOf([1], ['NaN']))).toBe('1: no finite numbers, 1 NaN')
  })

  test('are not known without numbers', () => {
    expect(extremesOf(tensorOf([9000], null))).toBeNull()
    expect(describeExtremes(tensorOf([9000], null))).toBe('9000')
  })
})

test('the same numbers', () => {
  const stats = { min: 1, max: 2, mean: 1.5, std: 0.5, norm: 3, zeros: 0, nans: 0, infs: 0 }
  const large = { ...tensorOf([3000], null), stats }
  expect(sameNumbers(tensorOf([2], [1, 'NaN']), tensorOf([2], [1, 'NaN']))).toBe(true)
  expect(sameNumbers(tensorOf([2], [1, 2]), tensorOf([2], [1, 3]))).toBe(false)
  expect(sameNumbers(tensorOf([2], [1, 2]), tensorOf([2, 1], [1, 2]))).toBe(false)
  expect(sameNumbers(large, { ...large, id: 't1' })).toBe(true)
  expect(sameNumbers(large, { ...large, id: 't1', stats: { ...stats, mean: 1 } })).toBe(false)
})

test('why there are no numbers', () => {
  const nowhere = tensorOf([2, 3], null)
  expect(whyNowhere({ ...nowhere, device: 'meta' })).toContain('On “meta” a tensor has a shape and a type')
  expect(whyNowhere(nowhere)).toContain('Its 6 numbers are not here')
  expect(whyNowhere(nowhere)).toContain('nothing but its shape is known')
  expect(whyNowhere(tensorOf([1], [1]))).toBeUndefined()
  const stats = { min: 1, max: 2, mean: 1.5, std: 0.5, norm: 3, zeros: 0, nans: 0, infs: 0 }
  expect(whyNowhere({ ...nowhere, stats })).toBeUndefined()
  expect(whyBeyond({ shape: [300, 300], stats })).toContain('Its 90,000 numbers are not here')
})

test('a shape as PyTorch writes it', () => {
  expect(describeShape(counting([2, 3]))).toBe('[2, 3] · float32')
  expect(describeShape(counting([]))).toBe('[] · float32')
  expect([[], [1], [1, 1], [2]].map((shape) => isSingle(counting(shape)))).toEqual([true, true, true, false])
})
