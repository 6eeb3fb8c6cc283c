import { describe, expect, test } from 'vitest'
import { axisFor, placeOn } from './axis'

describe('the rule', () => {
  test.each([
    [[1, 0.5, 0.02], 'linear'],
    [[1, 0.5, 0.009], 'log'],
    [[1, 0, 1000], 'linear'],
    [[-1, 5000], 'linear'],
    [[Number.NaN, 1, Number.POSITIVE_INFINITY, 2], 'linear'],
  ] as const)('%j is drawn on a %s scale', (numbers, kind) => expect(axisFor(numbers)?.kind).toBe(kind))

  test('nothing finite has no scale', () => expect(axisFor([Number.NaN])).toBeNull())

  test('a linear scale begins at zero unless that would squeeze the numbers', () => {
    expect(axisFor([1, 4])).toMatchObject({ low: 0, high: 4 })
    expect(axisFor([-1, -4])).toMatchObject({ low: -4, high: 0 })
    expect(axisFor([2, 2.3])).toMatchObject({ low: 2, high: 2.3 })
    expect(axisFor([-1, 3])).toMatchObject({ low: -1, high: 3 })
  })

  test('a number that never changes stands in the middle', () => {
    for (const x of [0, 3, -0.2]) {
      const axis = axisFor([x, x])
      expect(axis && placeOn(axis, x)).toBeCloseTo(0.5)
    }
  })
})

describe('ticks', () => {
  test.each([
    [
      [0, 4.86],
      [0, 2, 4],
    ],
    [
      [0, 0.3],
      [0, 0.1, 0.2, 0.3],
    ],
    [
      [-0.5, 0.6],
      [-0.5, 0, 0.5],
    ],
    [
      [0.001, 7],
      [0.001, 0.01, 0.1, 1],
    ],
    [
      [1e-9, 20],
      [1e-8, 1e-5, 0.01, 10],
    ],
  ])('of %j are %j', (numbers, ticks) => expect(axisFor(numbers)?.ticks).toEqual(ticks))

  test('lie on the scale, and are never more than asked for by much', () => {
    for (let i = 1; i < 200; i += 1) {
      const axis = axisFor([Math.sin(i) * 10 ** (i % 7), Math.cos(3 * i) * 10 ** (i % 5)], 3)
      for (const tick of axis?.ticks ?? []) {
        expect(axis && placeOn(axis, tick)).toBeGreaterThan(-0.001)
        expect(axis && placeOn(axis, tick)).toBeLessThan(1.001)
      }
      expect(axis?.ticks.length).toBeLessThanOrEqual(4)
    }
  })
})

test('every factor of ten is as far on a logarithmic scale', () => {
  const axis = axisFor([0.01, 100])
  expect([0.01, 1, 100].map((x) => axis && placeOn(axis, x))).toEqual([0, 0.5, 1])
})
