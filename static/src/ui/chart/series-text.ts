/** The numbers of a series as text. Pure. */

import { formatNumber } from '../../core/numbers'
import type { Series } from './series'

/** Return a number of a series as text; "–" for a missing one. */
export function numberText(series: Series, index: number): string {
  const x = series[index] ?? null
  return x === null ? '–' : formatNumber(x)
}
