/** The short words and sentences around an explanation. Pure. */

import type { AnyExplanation } from '../api/types'
import { formatNumber } from '../numbers'

/** How it is known, by the explanation's `kind`. */
const KINDS: Readonly<Record<string, string>> = {
  'hand-written': 'by hand',
  declared: 'declared',
  measured: 'measured',
  unknown: 'not known',
}

const KNOWN_BY: Readonly<Record<string, string>> = {
  'hand-written': 'Written by hand, and tested against PyTorch',
  declared: 'As PyTorch declares it',
  measured: 'Measured: the local derivative was computed by PyTorch itself',
  unknown: 'No formula is known',
}

export function kindWord({ kind }: Pick<AnyExplanation, 'kind'>): string {
  return KINDS[kind] ?? kind
}

export function kindSentence({ kind, source }: Pick<AnyExplanation, 'kind' | 'source'>): string {
  const by = KNOWN_BY[kind] ?? kind
  return source ? `${by}: ${source}.` : `${by}.`
}

/** Whether the formula gives the number that PyTorch recorded; null where that cannot be told. */
export function agreement({ agrees, computed, recorded }: AnyExplanation): { good: boolean; text: string } | null {
  if (agrees === null || recorded === null) return null
  if (agrees) return { good: true, text: `PyTorch has the same: ${formatNumber(recorded)}` }
  const other = computed === null ? '' : `, the formula gives ${formatNumber(computed, 6)}`
  return { good: false, text: `Not the same: PyTorch has ${formatNumber(recorded, 6)}${other}.` }
}

/** "[0, 2]"; empty for a single number. */
export function placeOf({ element, shape }: Pick<AnyExplanation, 'element' | 'shape'>): string {
  const single = shape.every((size) => size === 1)
  return element === null || single ? '' : `[${element.join(', ')}]`
}
