import { expect, test } from 'vitest'
import { lineAfterEdit, originalLines } from './line-diff'

test.each([
  ['the same text', 'a\nb', 'a\nb', [1, 2]],
  ['an edited line', 'a\nb\nc', 'a\nB\nc', [1, null, 3]],
  ['a new line above', 'a\nb', 'new\na\nb', [null, 1, 2]],
  ['a deleted line', 'a\nb\nc', 'a\nc', [1, 3]],
  ['a line that moved down past others', 'a\nb\nc\nd', 'a\nX\nc\nb\nY\nd', [1, null, 2, null, null, 4]],
  ['repeated lines, one more', 'x\nx\nend', 'x\nx\nx\nend', [1, 2, null, 3]],
  ['another text', 'a\nb', 'c', [null]],
  ['nothing', 'a', '', [null]],
])('%s', (_name, ran, now, origins) => {
  const found = originalLines(ran, now)
  expect(found).toHaveLength(origins.length)
  // a swap keeps one of the two lines, whichever
  if (_name.startsWith('a line that moved')) expect(found.filter((line) => line !== null)).toHaveLength(3)
  else expect(found).toEqual(origins)
})

test('no line of the run stands in two places, and their order is kept', () => {
  const ran = Array.from({ length: 60 }, (_, i) => `line ${i % 7}`).join('\n')
  const now = Array.from({ length: 60 }, (_, i) => `line ${(i * 3) % 7}`).join('\n')
  const kept = originalLines(ran, now).filter((line) => line !== null)
  expect(kept.length).toBeGreaterThan(5)
  expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b))
})

test('a changed middle that is too large is given up, its surroundings are not', () => {
  const lines = (word: string) => Array.from({ length: 1500 }, (_, i) => `${word} ${i}`)
  const found = originalLines(
    ['start', ...lines('old'), 'end'].join('\n'),
    ['start', ...lines('new'), 'end'].join('\n'),
  )
  expect(found[0]).toBe(1)
  expect(found.at(-1)).toBe(1502)
  expect(found[700]).toBeNull()
})

test('a line of the run is found where it stands now', () => {
  const origins = originalLines('a\nb\nc', 'new\na\nB\nc')
  expect([1, 2, 3].map((line) => lineAfterEdit(origins, line))).toEqual([2, null, 4])
})
