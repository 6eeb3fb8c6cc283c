import { expect, test } from 'vitest'
import type { Verdict } from '../../core/contract'
import { expectedText, toleranceText } from './prediction-text'
import { question } from './testing'

function verdict(expected: Verdict['expected'], tolerance: number | null = null): Verdict {
  const where = { node: 'n0', edge: null, pass: null, element: null }
  return { question: 'sign.0.4.e0-0', right: true, expected, tolerance, why: '', ...where }
}

test.each([
  [verdict(-0.08982629, 0.0018), '−0.0898', ' (± 0.0018 counts as right)'],
  [verdict(0, 1e-9), '0', ''],
  [verdict(['negative']), 'negative', ''],
  [verdict(['positive', 'zero']), 'positive, zero', ''],
])('an expected answer as it is told', (one, text, tolerance) => {
  expect(expectedText(question('a', 4), one)).toBe(text)
  expect(toleranceText(one)).toBe(tolerance)
})
