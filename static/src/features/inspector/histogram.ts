/** A tensor's numbers sorted into bins of equal width. Pure. What is not finite has no place on the axis: it is counted apart. */

import type { Tensor } from '../../core/contract'
import { formatNumber, toNumber } from '../../core/numbers'

export interface Bin {
  /** From `from` up to and without `to`; the last bin has its upper end too. For whole numbers `from` is the number. */
  from: number
  to: number
  count: number
}

export interface Histogram {
  bins: readonly Bin[]
  /** True if each bin is one whole number (or False and True). */
  whole: boolean
  /** The count of numbers in the bins, and of those that are not on the axis. */
  finite: number
  nans: number
  infinities: number
}

const MOST_BINS = 32
const FEWEST_BINS = 6
/** Up to this many whole numbers, each gets a bin. */
const MOST_WHOLE = 24

/** The histogram of a tensor; null without its numbers. Of complex numbers their magnitudes. */
export function histogramOf(tensor: Tensor): Histogram | null {
  if (tensor.data === null) return null
  const numbers = tensor.data.map(toNumber)
  const finite = numbers.filter(Number.isFinite)
  const nans = numbers.filter(Number.isNaN).length
  const rest = { finite: finite.length, nans, infinities: numbers.length - finite.length - nans }
  const low = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (finite.length === 0) return { bins: [], whole: false, ...rest }
  const whole = isWhole(tensor.dtype) && high - low < MOST_WHOLE
  return { bins: whole ? wholeBins(finite, low, high) : equalBins(finite, low, high), whole, ...rest }
}

function isWhole(dtype: string): boolean {
  return /^(bool|u?int)/.test(dtype)
}

function wholeBins(numbers: readonly number[], low: number, high: number): Bin[] {
  const bins = Array.from({ length: high - low + 1 }, (_, i) => ({ from: low + i, to: low + i, count: 0 }))
  for (const x of numbers) {
    const bin = bins[x - low]
    if (bin) bin.count += 1
  }
  return bins
}

function equalBins(numbers: readonly number[], low: number, high: number): Bin[] {
  // halves first: the distance of two finite numbers may be infinite
  const half = high / 2 - low / 2
  if (half === 0) return [{ from: low, to: high, count: numbers.length }]
  const count = Math.max(FEWEST_BINS, Math.min(MOST_BINS, Math.ceil(Math.sqrt(numbers.length))))
  const end = (i: number) => (i === count ? high : low + ((half * i) / count) * 2)
  const bins = Array.from({ length: count }, (_, i) => ({ from: end(i), to: end(i + 1), count: 0 }))
  for (const x of numbers) {
    const at = Math.min(count - 1, Math.floor(((x / 2 - low / 2) / half) * count))
    const bin = bins[at]
    if (bin) bin.count += 1
  }
  return bins
}

/** Return a histogram as a sentence for screen readers. */
export function describeHistogram(histogram: Histogram, name: string): string {
  const { bins, finite, whole } = histogram
  const [first, last] = [bins[0], bins.at(-1)]
  if (first === undefined || last === undefined) return `Histogram of ${name}: no finite numbers.`
  const fullest = bins.reduce((a, b) => (b.count > a.count ? b : a))
  const place = whole || bins.length === 1 ? `are ${formatNumber(fullest.from)}` : `are from ${range(fullest)}`
  const span = range({ from: first.from, to: last.to })
  return `Histogram of ${name}: ${finite} numbers from ${span}; most of them in one bin, ${fullest.count}, ${place}.`
}

/** "2 NaN, 1 infinite": what stands outside of the bins; "" for nothing. */
export function outside({ nans, infinities }: Histogram): string {
  return [nans > 0 ? `${nans} NaN` : '', infinities > 0 ? `${infinities} infinite` : ''].filter(Boolean).join(', ')
}

function range({ from, to }: Pick<Bin, 'from' | 'to'>): string {
  return `${formatNumber(from)} to ${formatNumber(to)}`
}
