/** The curves as text: for a screen reader, and beside the pointer. Pure. */

import {
  isEvaluation,
  iterationName,
  iterationPlace,
  iterationRange,
  type NamedIterations,
} from '../../core/iteration-names'
import { formatNumber } from '../../core/numbers'
import { gapText, type RecordingGap } from '../../core/recording-gaps'
import type { Axis } from '../../ui/chart/axis'
import { brokenStretches, finite, indexOfLargest, indexOfSmallest, type Series } from '../../ui/chart/series'
import { numberText } from '../../ui/chart/series-text'
import type { Multiple, Training } from './training-history'

/** The value of a parameter in one iteration: "0.5", "−0.2 … 0.3"; "–" where it took no part. */
export function valueText({ low, high }: Pick<Multiple, 'low' | 'high'>, index: number): string {
  const [from, to] = [low[index] ?? null, high[index] ?? null]
  if (from === null || to === null) return '–'
  return from === to ? formatNumber(from) : `${formatNumber(from)} … ${formatNumber(to)}`
}

/** "Loss from 4.857 down to 0.0032, lowest 0.003 in iteration 58; NaN or infinite in iterations 7 to 12". */
export function lossSummary({ beyond, gaps, iterations, losses }: Training, axis: Axis | null): string {
  const lowest = indexOfSmallest(losses)
  const missing = gaps.map((gap) => missingText(gap, iterations)).join('') + beyondText(beyond)
  if (lowest === null) return `No finite loss was recorded${brokenText(losses, iterations)}.${missing}`
  const least = `lowest ${numberText(losses, lowest)} in ${iterationName(iterations, lowest)}`
  const scale = axis?.kind === 'log' ? ', drawn on a logarithmic scale' : ''
  return `Loss ${fromTo(losses)}, ${least}${scale}${brokenText(losses, iterations)}.${missing}`
}

/** "w: gradient norm from 0.25 down to 0.02, largest 0.31 in iteration 4; value from 0 up to 2.9". */
export function multipleSummary(one: Multiple, all: NamedIterations): string {
  const largest = indexOfLargest(one.gradient)
  const gradient =
    largest === null
      ? 'no gradient in any iteration'
      : `gradient norm ${fromTo(one.gradient)}, largest ${numberText(one.gradient, largest)} in ${iterationName(all, largest)}`
  return `${one.name}: ${gradient}${brokenText(one.gradient, all)}; ${rangeText(one)}`
}

/**
 * Return the numbers of one iteration: "iteration 7 of 60 (step 6), loss 0.12, w 2.1, gradient norm 0.3". For at most three
 * parameters. An evaluation has neither loss nor gradients.
 */
export function iterationText({ iterations, losses, multiples }: Training, index: number): string {
  const trains = !isEvaluation(iterations[index])
  const parts = [iterationPlace(iterations, index), ...(trains ? [`loss ${numberText(losses, index)}`] : [])]
  if (multiples.length <= 3)
    for (const one of multiples) {
      parts.push(`${one.name} ${valueText(one, index)}`)
      if (trains) parts.push(`gradient norm ${numberText(one.gradient, index)}`)
    }
  return parts.join(', ')
}

/** "Between iteration 14 (step 13) and iteration 15 (step 62): 48 passes not recorded.". */
function missingText(gap: RecordingGap, all: NamedIterations): string {
  const [from, to] = [iterationName(all, gap.before - 1), iterationName(all, gap.before)]
  return ` Between ${from} and ${to}: ${gapText(gap)}.`
}

/** "Then the recording was full; the loss went on from 0.3 down to 0.1 over 40 passes.". */
function beyondText(beyond: Series): string {
  if (beyond.length === 0) return ''
  const passes = `${beyond.length} more ${beyond.length === 1 ? 'pass' : 'passes'}`
  const way = finite(beyond).length === 0 ? 'was not finite' : `went ${fromTo(beyond)}`
  return ` Then the recording was full; the loss ${way} over ${passes}.`
}

function rangeText({ low, high }: Multiple): string {
  const [lows, highs] = [finite(low), finite(high)]
  const [first, last] = [lows[0], lows.at(-1)]
  if (first === undefined || last === undefined) return 'no finite value'
  if (low.every((x, i) => x === high[i])) return `value ${fromTo(low)}`
  const ends = (at: 0 | -1) => `${formatNumber(lows.at(at) as number)} … ${formatNumber(highs.at(at) as number)}`
  return `values ${ends(0)} at first, ${ends(-1)} at last`
}

/** "from 4.9 down to 0.03", "from 1 up to 2", "0.5 all the time". */
function fromTo(series: Series): string {
  const numbers = finite(series)
  const [first, last] = [numbers[0] ?? 0, numbers.at(-1) ?? 0]
  if (numbers.every((x) => x === first)) return `${formatNumber(first)} all the time`
  const way = last < first ? 'down ' : last > first ? 'up ' : ''
  return `from ${formatNumber(first)} ${way}to ${formatNumber(last)}`
}

function brokenText(series: Series, all: NamedIterations): string {
  const [first, ...more] = brokenStretches(series)
  if (first === undefined) return ''
  const [from, to] = first
  return `; NaN or infinite in ${iterationRange(all, from, to)}${more.length > 0 ? ' and later again' : ''}`
}
