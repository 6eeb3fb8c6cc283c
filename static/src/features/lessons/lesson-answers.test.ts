import { describe, expect, test } from 'vitest'
import type { LessonQuestion } from '../../core/contract'
import { complaintOf, judge, readNumber, solution } from './lesson-answers'

const NUMBER: LessonQuestion = { html: '<p>?</p>', choices: null, number: -1.5, tolerance: 0.015, reply: 'So it is.' }
const CHOICES: LessonQuestion = {
  html: '<p>?</p>',
  choices: [
    { html: 'a', right: false, reply: 'Look again.' },
    { html: 'b', right: true, reply: 'Yes.' },
  ],
  number: null,
  tolerance: null,
  reply: null,
}

describe('a number is read', () => {
  test.each([
    ['0.25', 0.25],
    [' ,25 ', 0.25],
    ['-1.089', -1.089],
    ['−1,089', -1.089],
    ['+2.', 2],
    ['1e-3', 0.001],
    ['1E−3', 0.001],
    ['0', 0],
  ])('%j', (text, value) => expect(readNumber(text)).toBe(value))

  test.each(['', '.', '1.000.5', '1,000.5', 'two', '1/4', '0x10', 'Infinity', 'NaN', '1e999', '1 2'])(
    'not %j',
    (text) => expect(readNumber(text)).toBeNull(),
  )
})

describe('a number is judged', () => {
  test.each(['-1.5', '-1.515', '-1.485', '−1,5'])('%s is right', (given) =>
    expect(judge(NUMBER, given)).toEqual({ given, right: true, reply: 'So it is.' }),
  )

  test.each([
    ['-1.6', 'larger than −1.6'],
    ['3', 'smaller than 3'],
    ['1.5', 'sign'],
  ])('%s is told what is wrong', (given, told) => {
    const verdict = judge(NUMBER, given)
    expect(verdict.right).toBe(false)
    expect(verdict.reply).toContain(told)
  })

  test('whoever gives up is told', () => expect(solution(NUMBER)).toBe('The number is −1.5. So it is.'))
})

test('a choice is judged with its own reply', () => {
  expect(judge(CHOICES, '0')).toEqual({ given: '0', right: false, reply: 'Look again.' })
  expect(judge(CHOICES, '1')).toEqual({ given: '1', right: true, reply: 'Yes.' })
})

test.each([
  [CHOICES, '', 'Choose one'],
  [CHOICES, '7', 'Choose one'],
  [NUMBER, ' ', 'Type a number'],
  [NUMBER, 'two', '“two” is not a number'],
])('what cannot be judged is told', (question, given, told) => expect(complaintOf(question, given)).toContain(told))

test.each([
  [CHOICES, '0'],
  [NUMBER, '3'],
])('what can be judged has no complaint', (question, given) => expect(complaintOf(question, given)).toBeNull())
