import { describe, expect, test } from 'vitest'
import type { Results } from './prediction-score'
import { askedAt, heldAt, nextStop } from './question-stops'
import { question } from './testing'

const QUESTIONS = [question('a', 4), question('b', 8), question('c', 8), question('d', 12)]
const NONE: Results = new Map()
const SOME: Results = new Map([
  ['a', 'right'],
  ['b', 'skipped'],
])

describe('a walk', () => {
  test('is held before the step of an open question', () => expect(heldAt(QUESTIONS, NONE, 0, 9)).toBe(3))
  test('goes on as far as there is none', () => expect(heldAt(QUESTIONS, NONE, 0, 3)).toBe(3))
  test('stays where a question is open', () => expect(heldAt(QUESTIONS, NONE, 3, 4)).toBe(3))
  test('passes what was answered or skipped', () => expect(heldAt(QUESTIONS, SOME, 3, 7)).toBe(7))
  test('waits for the second question before a step', () => expect(heldAt(QUESTIONS, SOME, 3, 13)).toBe(7))
  test('is not held by what lies behind it', () => expect(heldAt(QUESTIONS, NONE, 12, 20)).toBe(20))
})

test('questions before one step are asked one after the other', () => {
  expect(askedAt(QUESTIONS, NONE, 7)?.id).toBe('b')
  expect(askedAt(QUESTIONS, SOME, 7)?.id).toBe('c')
  expect(askedAt(QUESTIONS, NONE, 8)).toBeNull()
})

test('the next stop is the step before the next open question', () => {
  expect(nextStop(QUESTIONS, NONE, 0)).toBe(3)
  expect(nextStop(QUESTIONS, SOME, 0)).toBe(7)
  expect(nextStop(QUESTIONS, SOME, 12)).toBeNull()
})
