import { expect, test } from 'vitest'
import { sizesOf } from './table-sizes'

const holding = { rows: 4, columns: 5, lines: 2, letters: 8, head: 1 }

test('in the panel cells are small whatever they hold', () => {
  expect(sizesOf(holding, null)).toEqual({ font: 12, line: 18, column: 69, row: 42, head: 18, top: 24 })
  expect(sizesOf({ ...holding, rows: 900 }, null).font).toBe(12)
})

test('in the large view all is in sight, as large as that allows', () => {
  const room = { width: 1100, height: 420 }
  const found = sizesOf(holding, room)
  expect(found.font).toBeGreaterThan(20)
  expect(found.head + 5 * found.column).toBeLessThanOrEqual(room.width)
  expect(found.top + 4 * found.row).toBeLessThanOrEqual(room.height)
})

test('many numbers are readable and scroll, few are not enormous', () => {
  expect(sizesOf({ ...holding, rows: 900 }, { width: 1100, height: 420 }).font).toBe(16)
  expect(sizesOf({ ...holding, rows: 1, columns: 1 }, { width: 1100, height: 420 }).font).toBe(30)
})
