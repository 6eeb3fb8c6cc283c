/** The difference of two tensors, and its text. Pure. */

import type { Element, Tensor } from '../../core/contract'
import { formatNumber, formatShape, formatShort, toNumber } from '../../core/numbers'

/**
 * `same`: the same numbers, bit for bit. `number`: B − A of two single numbers. `most`: the largest |B − A| of all elements. `norm`:
 * B's norm − A's, where the elements are too many to be here; `alike`: their statistics are the same. `shape`: no difference exists.
 */
export type Difference = { kind: 'same' | 'alike' | 'shape' } | { kind: 'number' | 'most' | 'norm'; delta: number }

export function differenceOf(a: Tensor, b: Tensor): Difference {
  if (a.shape.join() !== b.shape.join()) return { kind: 'shape' }
  if (a.data === null || b.data === null) return byStatistics(a, b)
  if (a.dtype === b.dtype && a.data.every((x, i) => sameElement(x, b.data?.[i] as Element))) return { kind: 'same' }
  const deltas = a.data.map((x, i) => apart(x, b.data?.[i] as Element))
  if (deltas.length === 1) return { kind: 'number', delta: deltas[0] as number }
  // one that is no number says more than all others
  const most = deltas.reduce(
    (worst, x) => (Number.isNaN(worst) || Number.isNaN(x) ? Number.NaN : Math.max(worst, Math.abs(x))),
    0,
  )
  return { kind: 'most', delta: most }
}

function byStatistics(a: Tensor, b: Tensor): Difference {
  if (a.stats === null || b.stats === null) return { kind: 'alike' }
  if (JSON.stringify(a.stats) === JSON.stringify(b.stats)) return { kind: 'alike' }
  return { kind: 'norm', delta: (b.stats.norm ?? Number.NaN) - (a.stats.norm ?? Number.NaN) }
}

/** −0 and 0 are other bits. */
function sameElement(a: Element, b: Element): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.every((x, i) => Object.is(x, b[i]))
  return Object.is(a, b)
}

/** Return the difference of two elements; for complex numbers the distance. */
function apart(a: Element, b: Element): number {
  if (Array.isArray(a) && Array.isArray(b)) return Math.hypot(...a.map((x, i) => toNumber(b[i] ?? 0) - toNumber(x)))
  const [x, y] = [toNumber(a), toNumber(b)]
  // ∞ − ∞ and NaN − NaN: they are the same
  return Object.is(x, y) ? 0 : y - x
}

/** Return the size of a difference for sorting: differences without a number come first. */
export function sizeOf(difference: Difference): number {
  if (!('delta' in difference)) return difference.kind === 'shape' ? Number.POSITIVE_INFINITY : 0
  return Number.isNaN(difference.delta) ? Number.POSITIVE_INFINITY : Math.abs(difference.delta)
}

/** Return the text at a card: "=", "Δ −0.31", "|Δ| ≤ 0.12", "2×3 ≠ 2×4". It is short, because a card is narrow. */
export function markOf(difference: Difference, a: Tensor, b: Tensor): string {
  switch (difference.kind) {
    case 'same':
      return '='
    case 'alike':
      return '≈'
    case 'shape':
      return `${formatShape(a.shape)} ≠ ${formatShape(b.shape)}`
    case 'number':
      return `Δ ${signed(difference.delta)}`
    case 'most':
      return `|Δ| ≤ ${formatShort(difference.delta, 6)}`
    case 'norm':
      return `Δ‖·‖ ${signed(difference.delta)}`
  }
}

/** In a table, where the column says that it is a difference. */
export function cellOf(difference: Difference): string {
  switch (difference.kind) {
    case 'same':
      return '='
    case 'alike':
      return '≈'
    case 'shape':
      return 'shape'
    case 'number':
      return signed(difference.delta)
    case 'most':
      return `≤ ${formatShort(difference.delta, 6)}`
    case 'norm':
      return `‖·‖ ${signed(difference.delta)}`
  }
}

/** In a sentence. */
export function tellDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'same':
      return 'identical'
    case 'alike':
      return 'of the same statistics'
    case 'shape':
      return 'of another shape'
    case 'number':
      return `apart by ${signed(difference.delta)}`
    case 'most':
      return `apart by up to ${formatNumber(difference.delta, 3)}`
    case 'norm':
      return `apart by ${signed(difference.delta)} in their norm`
  }
}

/** Return a number with its sign: a difference has a direction. */
export function signed(x: number): string {
  const text = formatShort(x, 7)
  return x > 0 ? `+${text}` : text
}
