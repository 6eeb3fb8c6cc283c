/** Numbers over the iterations, one per iteration. Pure. */

import { toNumber } from '../../core/numbers'

/** Null where there is no number; NaN and ±∞ where there is one that is not finite. */
export type Series = readonly (number | null)[]

/** A number as the API writes it. */
type Real = number | 'NaN' | 'Infinity' | '-Infinity'

/** The series of `count` iterations; what is missing at the end is a gap. */
export function seriesOf(reals: readonly (Real | null)[], count: number): Series {
  return Array.from({ length: count }, (_, i) => {
    const real = reals[i] ?? null
    return real === null ? null : toNumber(real)
  })
}

/** Return whether a number is finite, so that it can be drawn. */
export function isNumber(x: number | null | undefined): x is number {
  return typeof x === 'number' && Number.isFinite(x)
}

/** The finite numbers. */
export function finite(series: Series): number[] {
  return series.filter(isNumber)
}

/** Return the index of the largest finite number, the first of several; null without one. */
export function indexOfLargest(series: Series): number | null {
  let best: number | null = null
  series.forEach((x, i) => {
    if (isNumber(x) && (best === null || x > (series[best] as number))) best = i
  })
  return best
}

/** Return the index of the smallest finite number, the first of several; null without one. */
export function indexOfSmallest(series: Series): number | null {
  return indexOfLargest(series.map((x) => (isNumber(x) ? -x : null)))
}

/** Stretches that a test holds for: first and last index, both included. */
export function stretches(series: Series, holds: (x: number | null, index: number) => boolean): [number, number][] {
  const found: [number, number][] = []
  series.forEach((x, i) => {
    if (!holds(x, i)) return
    const last = found.at(-1)
    if (last && last[1] === i - 1) last[1] = i
    else found.push([i, i])
  })
  return found
}

/** Stretches of numbers that are there and not finite. */
export function brokenStretches(series: Series): [number, number][] {
  return stretches(series, (x) => x !== null && !Number.isFinite(x))
}
