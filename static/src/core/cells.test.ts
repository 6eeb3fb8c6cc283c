import { describe, expect, test } from 'vitest'
import { indexOf, indexText, inSight, moved, scrolledTo, sliceText } from './cells'

const size = { rows: 5, columns: 4 }
const press = (key: string, from = { row: 2, column: 1 }, ctrlKey = false) => moved(from, { key, ctrlKey }, size, 3)

describe('keys', () => {
  test('go to the cells beside', () => {
    expect(press('ArrowUp')).toEqual({ row: 1, column: 1 })
    expect(press('ArrowDown')).toEqual({ row: 3, column: 1 })
    expect(press('ArrowLeft')).toEqual({ row: 2, column: 0 })
    expect(press('ArrowRight')).toEqual({ row: 2, column: 2 })
  })

  test('stay inside', () => {
    expect(press('ArrowUp', { row: 0, column: 0 })).toEqual({ row: 0, column: 0 })
    expect(press('ArrowRight', { row: 4, column: 3 })).toEqual({ row: 4, column: 3 })
    expect(press('PageUp')).toEqual({ row: 0, column: 1 })
    expect(press('PageDown')).toEqual({ row: 4, column: 1 })
  })

  test('go to the ends of a row, with Ctrl to those of the slice', () => {
    expect(press('Home')).toEqual({ row: 2, column: 0 })
    expect(press('End')).toEqual({ row: 2, column: 3 })
    expect(press('Home', undefined, true)).toEqual({ row: 0, column: 0 })
    expect(press('End', undefined, true)).toEqual({ row: 4, column: 3 })
  })

  test('any other is none of theirs', () => expect(press('a')).toBeNull())
})

describe('what is in sight', () => {
  test('a window with a little beyond it', () => {
    expect(inSight(0, 100, 20, 1000)).toEqual({ from: 0, to: 7 })
    expect(inSight(2000, 100, 20, 1000)).toEqual({ from: 98, to: 107 })
  })

  test('never more than there is, never nothing', () => {
    expect(inSight(0, 100, 20, 3)).toEqual({ from: 0, to: 3 })
    expect(inSight(99_999, 100, 20, 1000)).toEqual({ from: 997, to: 1000 })
    expect(inSight(0, 0, 20, 1)).toEqual({ from: 0, to: 1 })
  })

  test('is moved no further than it must', () => {
    expect(scrolledTo(40, 60, 0, 100)).toBe(0)
    expect(scrolledTo(140, 160, 0, 100)).toBe(60)
    expect(scrolledTo(40, 60, 50, 100)).toBe(40)
  })
})

test('a slice as Python writes it', () => {
  expect(sliceText([2, 3, 4], [1])).toBe('[1, :, :]')
  expect(sliceText([2, 2, 3, 4], [1])).toBe('[1, 0, :, :]')
  expect(sliceText([3, 4], [])).toBeNull()
})

test('an index has a number for each dimension', () => {
  expect(indexText([2, 3, 4], [1], { row: 2, column: 3 })).toBe('[1, 2, 3]')
  expect(indexText([3, 4], [], { row: 2, column: 3 })).toBe('[2, 3]')
  expect(indexText([4], [], { row: 0, column: 3 })).toBe('[3]')
  expect(indexText([], [], { row: 0, column: 0 })).toBe('')
  expect(indexOf(23, [2, 3, 4])).toEqual([1, 2, 3])
  expect(indexOf(0, [])).toEqual([])
})
