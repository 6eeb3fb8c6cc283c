/**
 * A gradient that adds to one that was still there: zero_grad was not called in between. Pure.
 *
 * The recorder keeps what arrived and what `.grad` is after the pass; what was there before is their difference, known to the
 * precision of the tensor's own numbers.
 */

import type { Step, Tensor } from '../core/contract'
import { formatNumber, toNumber } from '../core/numbers'
import { gradientIn, inBrackets, passOf } from './lookup'
import type { Frame, Timeline } from './model'

/** One element of a leaf's gradient. `place`: "[0, 2]", empty for a single number. */
export interface StaleGradient {
  place: string
  before: number
  added: number
  now: number
  /** The number of elements that had a remainder, and of all elements. */
  count: number
  of: number
}

/** The relative difference that rounding may cause between two equal numbers of a dtype. */
const ROUNDING: Readonly<Record<string, number>> = { float64: 1e-12, float16: 4e-3, bfloat16: 3e-2 }
const FLOAT32_ROUNDING = 1e-6
/** Letters of a leaf's name that a remark has room for. */
const LONGEST_NAME = 12

/** Return the content of the leaf's `.grad` before this pass; null when it was empty, or when it is unknown. */
export function staleGradientAt(timeline: Timeline, step: Step): StaleGradient | null {
  if (step.kind !== 'accumulate') return null
  const pass = passOf(timeline, step)
  const [added, now] = [gradientIn(pass, step.node), pass?.accumulated[step.node]]
  if (!added?.data || !now?.data || added.data.length !== now.data.length) return null
  const rounding = ROUNDING[now.dtype] ?? FLOAT32_ROUNDING
  const old = now.data.map((x, i) => leftover(toNumber(added.data?.[i] ?? 0), toNumber(x), rounding))
  if (now.data.some(Array.isArray)) return null
  const places = old.flatMap((x, i) => (x === 0 ? [] : [i]))
  const [first] = places
  if (first === undefined) return null
  const size = (at: number) => (Number.isNaN(old[at]) ? Number.POSITIVE_INFINITY : Math.abs(old[at] ?? 0))
  const largest = places.reduce((best, at) => (size(at) > size(best) ? at : best), first)
  return {
    place: elementIndexText(now, largest),
    before: old[largest] ?? 0,
    added: toNumber(added.data[largest] ?? 0),
    now: toNumber(now.data[largest] ?? 0),
    count: places.length,
    of: now.data.length,
  }
}

/** "24.6 still there + 30 new = 54.6". */
export function staleGradientText({ place, before, added, now }: StaleGradient): string {
  const where = place === '' ? '' : `${place}: `
  return `${where}${formatNumber(before)} still there + ${inBrackets(added)} new = ${formatNumber(now)}`
}

export function staleGradientOf(timeline: Timeline, step: Step): Frame['staleGradient'] {
  const grown = staleGradientAt(timeline, step)
  const name = timeline.nodes.get(step.node)?.name ?? ''
  const whose = name === '' || name.length > LONGEST_NAME ? '.grad' : `${name}.grad`
  return grown && { node: step.node, text: `${whose}: ${staleGradientText(grown)}` }
}

/** Return the remainder that makes `now` out of `added`; 0 where it is no more than rounding. */
function leftover(added: number, now: number, rounding: number): number {
  // a sum that is not finite does not tell its other summand, unless only that one can have made it so
  if (!Number.isFinite(now)) return Number.isFinite(added) ? now : 0
  const before = now - added
  return Math.abs(before) <= rounding * Math.max(Math.abs(now), Math.abs(added)) ? 0 : before
}

/** "[0, 2]" of a flat index; empty where there is only one number. */
export function elementIndexText({ shape, data }: Tensor, flat: number): string {
  if ((data?.length ?? 0) < 2) return ''
  const index: number[] = []
  let rest = flat
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return `[${index.join(', ')}]`
}
