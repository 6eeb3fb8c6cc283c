/** The short words and sentences around an explanation. Pure. */

import type { AnyExplanation, Explanation } from '../../core/contract'
import { formatNumber } from '../../core/numbers'

type Numeral = Parameters<typeof formatNumber>[0]

/** Texts for the source of an explanation, by its `kind`. */
const KINDS: Readonly<Record<string, string>> = {
  'hand-written': 'by hand',
  declared: 'declared',
  measured: 'measured',
  unknown: 'not known',
}

const KNOWN_BY: Readonly<Record<string, string>> = {
  'hand-written': 'Written by hand, and tested against PyTorch: ',
  declared: 'As PyTorch declares it: ',
  // its source begins with the word
  measured: '',
  unknown: 'No formula is known. The number comes from ',
}

export function kindWord({ kind }: Pick<AnyExplanation, 'kind'>): string {
  return KINDS[kind] ?? kind
}

export function kindSentence({ kind, source }: Pick<AnyExplanation, 'kind' | 'source'>): string {
  return `${KNOWN_BY[kind] ?? `${kind}: `}${source}.`
}

/** Return whether the formula gives the number that PyTorch recorded; null where that is unknown. */
export function agreement(told: AnyExplanation): { good: boolean; text: string } | null {
  const { kind, agrees, computed, recorded } = told
  if (agrees === null || recorded === null) return null
  if (kind === 'measured' && computed !== null) return compared(computed, recorded, agrees)
  if (agrees) return { good: true, text: `PyTorch has the same: ${formatNumber(recorded)}` }
  const other = computed === null ? '' : `, the formula gives ${formatNumber(computed, 6)}`
  return { good: false, text: `Not the same: PyTorch has ${formatNumber(recorded, 6)}${other}.` }
}

function compared(computed: Numeral, recorded: Numeral, same: boolean) {
  if (same) return { good: true, text: `Measured ${formatNumber(computed)}, and PyTorch recorded the same.` }
  const [measured, there] = [computed, recorded].map((x) => formatNumber(x, 6))
  return { good: false, text: `Not the same: measured ${measured}, but PyTorch recorded ${there}.` }
}

/** Return the warning about a measurement; empty without one. */
export function warningOf({ kind, note }: Pick<AnyExplanation, 'kind' | 'note'>): string {
  return kind === 'measured' ? (note ?? '') : ''
}

/** Return the reason why a measurement failed; empty when it did not. */
export function troubleOf({ kind, note }: Pick<Explanation, 'kind' | 'note'>): string {
  return kind === 'measured' ? '' : (note ?? 'Nothing could be measured here.')
}
