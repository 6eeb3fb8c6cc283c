import { describe, expect, test } from 'vitest'
import { paceOf, parseTyped, pulled, sizeFor, stepped, unitOf } from './scrubbing'

describe('the larger the number, the faster it changes', () => {
  test.each([
    [2.2, 2.2, 2.2],
    [-40, 40, 40],
    [0, 0, 1],
    [0.001, 0.3, 0.03],
    [0, 0.3, 0.03],
    [Number.NaN, 0.3, 1],
    [1, Number.POSITIVE_INFINITY, 1],
  ])('%f beside %f is taken for %f', (x, largest, size) => expect(sizeFor(x, largest)).toBeCloseTo(size, 12))

  test.each([
    [2.2, 'usual', 0.02],
    [2.2, 'fine', 0.002],
    [2.2, 'coarse', 0.2],
    [1, 'usual', 0.01],
    [9.99, 'usual', 0.05],
    [1000, 'usual', 10],
    [3e-9, 'usual', 2e-11],
  ] as const)('of size %f, %s, a pixel is %f', (size, pace, unit) => expect(unitOf(size, pace)).toBe(unit))
})

test('a pull comes to numbers that can be said, and back to where it began', () => {
  expect(pulled(2.2, 2.2 + 5 * 0.02, 0.02)).toBe(2.3)
  expect(pulled(0.314159, 0.314159 + 3 * 0.002, 0.002)).toBe(0.32)
  expect(pulled(0.314159, 0.3142, 0.002)).toBe(0.314159)
})

test('a key makes one step', () => {
  expect(stepped(2.2, 1, 0.02)).toBe(2.22)
  expect(stepped(2.2, -10, 0.02)).toBe(2)
  expect(stepped(0.1, 2, 0.1)).toBe(0.3)
})

test.each([
  [{ shiftKey: true }, 'fine'],
  [{ ctrlKey: true }, 'coarse'],
  [{ metaKey: true }, 'coarse'],
  [{}, 'usual'],
] as const)('%j is %s', (keys, pace) => {
  expect(paceOf({ shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...keys })).toBe(pace)
})

describe('what is typed', () => {
  test.each([
    ['2.31', 2.31],
    [' −0,5 ', -0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e-3', 0.001],
    ['+3', 3],
    ['', null],
    ['abc', null],
    ['1.2.3', null],
    ['0x10', null],
    ['1e999', null],
    ['NaN', null],
  ])('"%s" is %s', (text, number) => expect(parseTyped(text)).toBe(number))
})
