import { expect, test } from 'vitest'
import { brokenStretches, indexOfLargest, indexOfSmallest, isNumber, seriesOf, stretches } from './series'

test('what is missing is a gap, what is not finite is there', () => {
  const series = seriesOf([1, null, 'NaN', '-Infinity'], 5)
  expect(series).toEqual([1, null, Number.NaN, Number.NEGATIVE_INFINITY, null])
  expect(stretches(series, isNumber)).toEqual([[0, 0]])
  expect(brokenStretches(series)).toEqual([[2, 3]])
})

test('a series longer than the training is cut to it', () => expect(seriesOf([1, 2, 3], 2)).toEqual([1, 2]))

test('the largest and the smallest finite number, the first of several', () => {
  const series = [null, 3, 5, Number.POSITIVE_INFINITY, 5, -2, Number.NaN]
  expect(indexOfLargest(series)).toBe(2)
  expect(indexOfSmallest(series)).toBe(5)
  expect(indexOfLargest([null, Number.NaN])).toBeNull()
})
