import { expect, test } from 'vitest'
import { placeAfter } from './arrow-choice'

test.each([
  ['ArrowLeft', 50, 49],
  ['ArrowRight', 50, 51],
  ['ArrowUp', 50, 51],
  ['ArrowDown', 50, 49],
  ['PageUp', 50, 60],
  ['PageDown', 50, 40],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['ArrowLeft', 0, 0],
  ['PageUp', 95, 99],
  ['Enter', 50, null],
  [' ', 50, null],
])('%s leads from %i to %s of 100', (key, at, to) => expect(placeAfter(key, at, 100)).toBe(to))

test('a page of a few is one', () => expect(placeAfter('PageUp', 0, 3)).toBe(1))
