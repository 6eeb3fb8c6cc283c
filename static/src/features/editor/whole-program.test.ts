import { expect, test } from 'vitest'
import { gapOf, looksWhole } from './whole-program'

test.each([
  'x = 1\n',
  'x = f(1,\n  2)\n',
  'def f(x):\n    return x\n',
  's = """a\nb"""\n',
  "s = ''\n",
  'if x:\n    pass\nelse:\n    y = 2',
  '# only a comment\nx',
])('%j is whole', (source) => {
  expect(looksWhole(source)).toBe(true)
  expect(gapOf(source)).toBeNull()
})

test.each([
  ['', null],
  ['  \n', null],
  ['y = x.', 1],
  ['x = 1\ny = (1,\n', 2],
  ['x = 1\nfor i in range(3):\n', 2],
  ['def f(x):', 1],
  ['y = \n', 1],
  ['s = "abc', 1],
  ['print("abc)\n', 1],
  ['x = 1\ny = 2 *\n', 2],
] as const)('%j is not, at line %s', (source, line) => {
  expect(looksWhole(source)).toBe(false)
  expect(gapOf(source)).toBe(line)
})
