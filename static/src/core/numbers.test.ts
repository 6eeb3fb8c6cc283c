import { describe, expect, test } from 'vitest'
import type { Element, Tensor } from './contract'
import { formatNumber, formatShape, formatShort, formatTensorLabel, toNumber } from './numbers'

const CASES: [Element, string][] = [
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [1.1, '1.1'],
  [2.42, '2.42'],
  [0.9183287, '0.9183'],
  [-0.08983842, '−0.0898'],
  [-0.081671, '−0.0817'],
  [0.0852, '0.0852'],
  [-1.0889347, '−1.089'],
  [0.00012345, '0.000123'],
  [0.0999999, '0.1'],
  [0.00001234, '1.234e−5'],
  [99999.96, '100000'],
  [12345, '12345'],
  [12345.678, '12346'],
  [1234567, '1234567'],
  [123456789, '1.235e8'],
  [1.234e-9, '1.234e−9'],
  [-1e-30, '−1e−30'],
  [3.4028235e38, '3.403e38'],
  ['NaN', 'NaN'],
  ['Infinity', '∞'],
  ['-Infinity', '−∞'],
  [true, 'True'],
  [false, 'False'],
  [[1, 2], '1 + 2i'],
  [[0.5, -2.25], '0.5 − 2.25i'],
  [['NaN', '-Infinity'], 'NaN − ∞i'],
]

describe('formatNumber', () => {
  test.each(CASES)('%j is %s', (x, text) => expect(formatNumber(x)).toBe(text))

  test('takes the number of significant digits', () => expect(formatNumber(Math.PI, 7)).toBe('3.141593'))

  test('is within half a unit of the last of its three or four digits for every magnitude', () => {
    for (let exponent = -30; exponent < 30; exponent += 0.37) {
      const value = 10 ** exponent
      const shown = Number(formatNumber(value).replaceAll('−', '-'))
      expect(Math.abs(shown - value) / value).toBeLessThan(value < 0.1 ? 5.001e-3 : 5.001e-4)
    }
  })
})

test('toNumber reads every kind of element', () => {
  expect([1.5, true, false, 'Infinity', [3, 4]].map((x) => toNumber(x as Element))).toEqual([1.5, 1, 0, Infinity, 5])
  expect(toNumber('NaN')).toBeNaN()
})

test('a scalar is labelled by its number, another tensor by its shape', () => {
  const tensor = (shape: number[], data: Element[] | null): Tensor => ({
    id: 't0',
    shape,
    dtype: 'float32',
    device: 'cpu',
    data,
    stats: null,
  })
  expect(formatTensorLabel(tensor([], [2.5]))).toBe('2.5')
  expect(formatTensorLabel(tensor([1], [-0.5]))).toBe('−0.5')
  expect(formatTensorLabel(tensor([2, 3], [1, 2, 3, 4, 5, 6]))).toBe('2×3')
  expect(formatTensorLabel(tensor([300, 300], null))).toBe('300×300')
  expect(formatShape([])).toBe('scalar')
})

describe('formatShort', () => {
  const SHORT: [Element, string][] = [
    [77, '77'],
    [0.5821, '0.582'],
    [-0.02584, '−0.026'],
    [-0.002584, '−0.003'],
    [-1.02e-8, '−1e−8'],
    [123456, '123456'],
    [-123456, '−1.2e5'],
    [-1234567, '−1.2e6'],
    [false, 'False'],
    ['-Infinity', '−∞'],
    [[1, 2], '1 + 2i'],
  ]
  test.each(SHORT)('%j is %s', (x, text) => expect(formatShort(x, 6)).toBe(text))
})
