/** One element of an update, worked through with its numbers. Pure. */

import { indexOf } from '../../core/cells'
import type { Update } from '../../core/contract'
import { formatNumber, toNumber } from '../../core/numbers'
import { inBrackets } from '../../walk/lookup'

/**
 * "[0, 2]: 0.2 − 0.01 · (−0.5) = 0.205" for the element that plain gradient descent moves most, else
 * "[0, 2]: 0.2 → 0.199". Null for a single number, and where the numbers are too many to stand inside the iteration.
 */
export function workedElement(update: Update): string | null {
  const { before, after, gradient, settings } = update
  if (!before.data || !after.data || before.data.length < 2) return null
  const at = largestMove(before.data.map(toNumber), after.data.map(toNumber))
  const [from, to] = [toNumber(before.data[at] ?? 0), toNumber(after.data[at] ?? 0)]
  const place = `[${indexOf(at, before.shape).join(', ')}]`
  const slope = gradient?.data?.[at]
  if (!isPlainDescent(update) || slope === undefined || typeof settings.lr !== 'number')
    return `${place}: ${formatNumber(from)} → ${formatNumber(to)}`
  const product = `${formatNumber(settings.lr)} · ${inBrackets(toNumber(slope))}`
  return `${place}: ${formatNumber(from)} − ${product} = ${formatNumber(to)}`
}

function isPlainDescent({ optimizer, settings }: Update): boolean {
  const extras = ['momentum', 'weight_decay', 'dampening', 'nesterov', 'maximize']
  return optimizer === 'SGD' && extras.every((name) => !settings[name])
}

function largestMove(before: readonly number[], after: readonly number[]): number {
  const moves = before.map((x, i) => Math.abs((after[i] ?? x) - x))
  return Math.max(0, moves.indexOf(moves.reduce((a, b) => Math.max(a, b), 0)))
}
