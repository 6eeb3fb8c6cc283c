import { describe, expect, test } from 'vitest'
import { areSame, changesText, deltaOf, overridesOf, overridesText, signedText, withChange } from './leaf-changes'
import { change } from './testing'

describe('a list of changes', () => {
  const other = change(5, { index: [1] })
  const list = [change(2), other]
  test('takes a new one', () => expect(withChange([change(2)], other)).toEqual(list))
  test('has each number once', () => expect(withChange(list, change(3))).toEqual([change(3), other]))
  test('has no number that is the recorded one', () => expect(withChange(list, change(1))).toEqual([other]))
  test('does not begin with the recorded one', () => expect(withChange([other], change(1))).toEqual([other]))
  test('knows what the dtype cannot tell apart', () => {
    expect(withChange([], change(1 + 1e-12, { dtype: 'float32' }))).toEqual([])
    expect(withChange([], change(1 + 1e-12))).toHaveLength(1)
  })
  test('is the same in any order', () => {
    expect(areSame(list, [other, change(2)])).toBe(true)
    expect(areSame(list, [other, change(3)])).toBe(false)
    expect(areSame(list, [other])).toBe(false)
  })
})

test('a change is what the program gets of it', () => {
  const exactly = Math.fround(2.31) - Math.fround(2.2)
  expect(deltaOf(change(2.31, { recorded: 2.2, dtype: 'float32' }))).toBe(exactly)
  expect(exactly).not.toBe(2.31 - 2.2)
})

test('a run keeps the overrides that it had, and a change takes the place of one of them', () => {
  const before = [
    { name: 'w', index: [0], value: 9 },
    { name: 'b', index: [], value: 8 },
  ]
  expect(overridesOf(before, [change(2)])).toEqual([
    { name: 'b', index: [], value: 8 },
    { name: 'w', index: [0], value: 2 },
  ])
})

test('changes are said', () => {
  const [b, c] = [change(0.5, { label: 'b' }), change(-7, { label: 'fc1.weight[0, 3]' })]
  expect(changesText([change(2.31, { recorded: 2.2 })])).toBe('w = 2.31 (recorded 2.2)')
  expect(changesText([change(2), b])).toBe('w = 2, b = 0.5')
  expect(changesText([change(2), b, c])).toBe('w = 2, b = 0.5 and 1 more')
  expect(changesText([])).toBe('')
})

test('overrides of a run that was kept are said', () => {
  expect(overridesText([{ name: 'w', index: [0], value: 2.31 }])).toBe('w = 2.31')
  expect(overridesText([{ name: 'net.fc1.weight', index: [0, 3], value: -7 }])).toBe('net.fc1.weight[0, 3] = −7')
})

test('a change shows its sign', () => {
  expect([0.11, -0.11, 0].map(signedText)).toEqual(['+0.11', '−0.11', '0'])
})
