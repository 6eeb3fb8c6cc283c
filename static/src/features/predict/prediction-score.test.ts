import { beforeEach, expect, test, vi } from 'vitest'
import { keepResults, type Result, type Results, readResults, scoreOf, scoreText, withResult } from './prediction-score'

const stored = new Map<string, string>()

beforeEach(() => {
  stored.clear()
  const localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => stored.set(key, text),
  }
  vi.stubGlobal('window', { localStorage })
})

function results(...all: Result[]): Results {
  return new Map(all.map((result, k) => [`q${k}`, result]))
}

test.each([
  [results(), { right: 0, asked: 0, streak: 0 }, 'no answer yet'],
  [results('right'), { right: 1, asked: 1, streak: 1 }, '1 of 1 right'],
  [results('wrong', 'right', 'skipped', 'right'), { right: 2, asked: 3, streak: 2 }, '2 of 3 right · 2 in a row'],
  [results('right', 'right', 'wrong'), { right: 2, asked: 3, streak: 0 }, '2 of 3 right'],
  [results('skipped'), { right: 0, asked: 0, streak: 0 }, 'no answer yet'],
])('what was answered is counted', (all, score, text) => {
  expect(scoreOf(all)).toEqual(score)
  expect(scoreText(scoreOf(all))).toBe(text)
})

test('results are kept for each snapshot and seed', () => {
  const all = withResult(withResult(new Map(), 'a', 'wrong'), 'b', 'right')
  keepResults('abc', 7, all)
  expect([...readResults('abc', 7)]).toEqual([...all])
  expect(readResults('abc', 8).size).toBe(0)
  expect(readResults('other', 7).size).toBe(0)
})

test.each(['', '{', '5', '[["a"]]', '[["a","best"]]', 'null'])('%j is no result', (text) => {
  stored.set('gradwalk:predict:abc:7', text)
  expect(readResults('abc', 7).size).toBe(0)
})

test('the oldest give way to one too many', () => {
  let all: Results = new Map(Array.from({ length: 1000 }, (_, k) => [`q${k}`, 'right' as const]))
  all = withResult(all, 'new', 'wrong')
  expect(all.size).toBe(1000)
  expect(all.has('q0')).toBe(false)
  expect(all.get('new')).toBe('wrong')
})
