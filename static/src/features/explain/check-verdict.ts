/** The result of a gradient check by finite differences, in words. Pure. */

import type { Check } from '../../core/contract'
import { formatNumber } from '../../core/numbers'

export interface Verdict {
  kind: 'good' | 'bad' | 'open'
  text: string
}

export function verdictOf({ agrees, dtype, tolerance, note }: Check): Verdict {
  if (agrees === null) return { kind: 'open', text: note ?? 'This cannot be told.' }
  const room = tolerance === null ? '' : ` (±${formatNumber(tolerance, 2)})`
  if (agrees) return { kind: 'good', text: `They agree within what ${dtype} can tell${room}.${note ? ` ${note}` : ''}` }
  return {
    kind: 'bad',
    text: `They differ, by more than the rounding of ${dtype} explains${room}. A hook, a custom backward, detach or a change in place may give PyTorch another gradient than that of the loss.`,
  }
}

/** The numbers of a check, a row each: what it is, and the number. */
export function rowsOf({
  plus,
  minus,
  step,
  estimate,
  recorded,
  difference,
}: Check): readonly (readonly [string, string])[] {
  const exact = (x: Parameters<typeof formatNumber>[0]) => formatNumber(x, 7)
  if (plus === null || minus === null || estimate === null || difference === null) return []
  return [
    ['step h', formatNumber(step)],
    [`loss at ${exact(plus.value)}`, exact(plus.loss)],
    [`loss at ${exact(minus.value)}`, exact(minus.loss)],
    ['finite differences', exact(estimate)],
    ['PyTorch’s gradient', exact(recorded)],
    ['apart', formatNumber(difference, 2)],
  ]
}
