import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Announcer, REST_MS } from './announcer'

const SENTENCE = 'Step {} of 99, forward. Multiplication makes z = 2.42 of x = 1.1 and w = 2.2.'
const step = (number: number) => SENTENCE.replace('{}', String(number))
let heard: string[] = []
let announcing: Announcer

beforeEach(() => {
  vi.useFakeTimers()
  heard = []
  announcing = new Announcer(
    (text) => heard.push(text),
    () => Date.now(),
  )
})
afterEach(() => vi.useRealTimers())

/** A step every so many milliseconds. */
function walk(count: number, every: number, playing: boolean): void {
  for (let number = 1; number <= count; number += 1) {
    announcing.offer(step(number), playing)
    vi.advanceTimersByTime(every)
  }
}

test('a step that rests is told once', () => {
  announcing.offer(step(1), false)
  vi.advanceTimersByTime(REST_MS - 1)
  expect(heard).toEqual([])
  vi.advanceTimersByTime(10_000)
  announcing.offer(step(1), false)
  vi.advanceTimersByTime(10_000)
  expect(heard).toEqual([step(1)])
})

test('each of slow steps is told', () => {
  walk(5, 1000, false)
  expect(heard).toEqual([1, 2, 3, 4, 5].map(step))
})

test('of a held key only where it ends is told', () => {
  walk(60, 33, false)
  vi.advanceTimersByTime(REST_MS)
  expect(heard).toEqual([step(60)])
})

test('there and back again is nothing new', () => {
  walk(1, 1000, false)
  announcing.offer(step(2), false)
  announcing.offer(step(1), false)
  vi.advanceTimersByTime(1000)
  expect(heard).toEqual([step(1)])
})

test.each([2200, 1100, 137])(
  'playing a step every %s ms tells no faster than can be heard, and always the latest',
  (every) => {
    const times: number[] = []
    const began = Date.now()
    const playing = new Announcer(
      (text) => {
        heard.push(text)
        times.push(Date.now() - began)
      },
      () => Date.now(),
    )
    for (let number = 1; number <= 60; number += 1) {
      playing.offer(step(number), true)
      vi.advanceTimersByTime(every)
    }
    expect(heard.length).toBeGreaterThan(2)
    for (const [i, time] of times.slice(1).entries())
      expect(time - (times[i] ?? 0)).toBeGreaterThanOrEqual((heard[i]?.length ?? 0) * 40)
    // what was said was the step on show
    for (const [i, text] of heard.entries())
      expect(text).toBe(step(Math.min(60, Math.floor((times[i] ?? 0) / every) + 1)))
  },
)

test('where playing stops is told soon, however long the last sentence was', () => {
  walk(3, 137, true)
  const before = heard.length
  announcing.offer(step(4), true)
  announcing.offer(step(4), false)
  vi.advanceTimersByTime(REST_MS)
  expect(heard.length).toBe(before + 1)
  expect(heard.at(-1)).toBe(step(4))
})

test('no sentence hushes at once, and the next one is told again', () => {
  walk(1, 1000, false)
  announcing.offer('', false)
  expect(heard.at(-1)).toBe('')
  walk(1, 1000, false)
  expect(heard).toEqual([step(1), '', step(1)])
})

test('nothing is said after the end', () => {
  announcing.offer(step(1), false)
  announcing.stop()
  vi.advanceTimersByTime(10_000)
  expect(heard).toEqual([])
})
