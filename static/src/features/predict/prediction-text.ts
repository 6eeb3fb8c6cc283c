/** Texts of a verdict. Pure. */

import type { Question, Verdict } from '../../core/contract'
import { formatNumber } from '../../core/numbers'

/** The expected answer as the page writes it. */
export function expectedText({ choices }: Question, { expected }: Verdict): string {
  if (!Array.isArray(expected)) return formatNumber(expected)
  return expected.map((value) => choices.find((choice) => choice.value === value)?.text ?? value).join(', ')
}

/** Return the tolerance of a number; nothing where the answer must be exact. */
export function toleranceText({ tolerance, expected }: Verdict): string {
  if (tolerance === null || Array.isArray(expected) || expected === 0) return ''
  return ` (± ${formatNumber(tolerance, 3)} counts as right)`
}
