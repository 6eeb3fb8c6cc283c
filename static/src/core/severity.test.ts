import { expect, test } from 'vitest'
import { formOf, SEVERITIES, worse } from './severity'

test('each severity has a form of its own, and nothing has none', () => {
  expect(new Set(SEVERITIES.map((one) => formOf(one).outline)).size).toBe(3)
  expect(formOf(undefined)).toEqual({ outline: '', sign: '' })
})

test('the worse one of two', () => {
  expect(worse('note', 'error')).toBe('error')
  expect(worse('error', 'note')).toBe('error')
  expect(worse(undefined, 'note')).toBe('note')
})
