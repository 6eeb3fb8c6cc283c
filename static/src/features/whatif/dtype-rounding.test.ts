import { describe, expect, test } from 'vitest'
import { asHeld, isFloat, rounded, spacing } from './dtype-rounding'

describe('rounded', () => {
  test.each([
    [2.31, 'float32', 2.309999942779541],
    [2.31, 'float64', 2.31],
    [0.1, 'float16', 0.0999755859375],
    [0.1, 'bfloat16', 0.10009765625],
    [2049, 'float16', 2048],
    [2051, 'float16', 2052],
    [-2049, 'float16', -2048],
    [6e-8, 'float16', 2 ** -24],
    [0, 'float16', 0],
    [Number.NaN, 'float16', Number.NaN],
    [7, 'int64', 7],
  ])('%f as %s is %f', (x, dtype, held) => expect(rounded(x, dtype)).toBe(held))
})

describe('asHeld', () => {
  test.each([
    [2.3100000001, 'float32', 2.31],
    [2.3100000001, 'float64', 2.3100000001],
    [0.123456789, 'float32', 0.12345679],
    [0.123456789, 'float16', 0.1235],
    [16777217, 'float32', 16777216],
    [1e39, 'float32', Number.POSITIVE_INFINITY],
  ])('%f as %s is told as %f', (x, dtype, told) => expect(asHeld(x, dtype)).toBe(told))
})

test('what is told is what is held', () => {
  for (let i = 1; i < 2000; i += 1) {
    const x = Math.sin(i) * 10 ** (i % 12)
    for (const dtype of ['float32', 'float16', 'bfloat16'])
      expect(rounded(asHeld(x, dtype), dtype)).toBe(rounded(x, dtype))
  }
})

test('neighbours are a spacing apart', () => {
  expect(spacing(1, 'float32')).toBe(2 ** -23)
  expect(spacing(0.0852, 'float32')).toBe(2 ** -27)
  expect(spacing(1, 'float64')).toBe(Number.EPSILON)
  expect(spacing(0, 'float16')).toBe(2 ** -24)
})

test.each([
  ['float32', true],
  ['bfloat16', true],
  ['int64', false],
  ['bool', false],
  ['complex64', false],
])('%s can be changed a little: %s', (dtype, yes) => expect(isFloat(dtype)).toBe(yes))
