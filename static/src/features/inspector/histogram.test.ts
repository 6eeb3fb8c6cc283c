import { describe, expect, test } from 'vitest'
import type { Element, Tensor } from '../../core/contract'
import { describeHistogram, histogramOf, outside } from './histogram'

function of(data: Element[] | null, dtype = 'float32') {
  const tensor: Tensor = { id: 't0', shape: [data?.length ?? 9], dtype, device: 'cpu', data, stats: null }
  return histogramOf(tensor)
}
const counts = (data: Element[], dtype?: string) => of(data, dtype)?.bins.map((bin) => bin.count)

describe('bins', () => {
  test('are of equal width from the smallest to the largest number', () => {
    const found = of([0, 0.5, 1, 5.9, 6])
    expect(found?.bins).toHaveLength(6)
    expect(found?.bins[0]).toEqual({ from: 0, to: 1, count: 2 })
    expect(found?.bins[5]).toEqual({ from: 5, to: 6, count: 2 })
    expect(found?.whole).toBe(false)
  })

  test('hold every finite number once', () => {
    const numbers = Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 1e-6)
    expect(of(numbers)?.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(1000)
    expect(of(numbers)?.bins).toHaveLength(32)
  })

  test('what is not finite stands apart', () => {
    const found = of([1, 'NaN', 2, 'Infinity', '-Infinity'])
    expect(found).toMatchObject({ finite: 2, nans: 1, infinities: 2 })
    expect(found && outside(found)).toBe('1 NaN, 2 infinite')
    expect(of(['NaN'])).toMatchObject({ bins: [], finite: 0, nans: 1 })
  })

  test('equal numbers are one bin', () => expect(of([3, 3, 3])?.bins).toEqual([{ from: 3, to: 3, count: 3 }]))

  test('whole numbers have one each, as far as they are few', () => {
    expect(counts([2, 2, 5], 'int64')).toEqual([2, 0, 0, 1])
    expect(counts([true, false, true], 'bool')).toEqual([1, 2])
    expect(of([0, 1000], 'int64')?.whole).toBe(false)
  })

  test('the largest floats have a distance that is infinite', () => {
    expect(counts([-1.7e308, 1.7e308], 'float64')).toEqual([1, 0, 0, 0, 0, 1])
  })

  test('complex numbers by their magnitude', () => expect(of([[3, 4]], 'complex64')?.bins[0]?.from).toBe(5))

  test('without numbers none', () => expect(of(null)).toBeNull())
})

test('in words', () => {
  const say = (data: Element[], dtype?: string) => {
    const found = of(data, dtype)
    return found && describeHistogram(found, 'w')
  }
  expect(say([0, 0.5, 6])).toBe('Histogram of w: 3 numbers from 0 to 6; most of them in one bin, 2, are from 0 to 1.')
  expect(say([2, 2, 5], 'int64')).toBe('Histogram of w: 3 numbers from 2 to 5; most of them in one bin, 2, are 2.')
  expect(say(['NaN'])).toBe('Histogram of w: no finite numbers.')
})
