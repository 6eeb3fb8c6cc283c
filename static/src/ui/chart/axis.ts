/** The scale of a curve: linear, or logarithmic where the numbers ask for it, with its ticks. Pure. */

export interface Axis {
  kind: 'linear' | 'log'
  low: number
  high: number
  /** Round numbers between `low` and `high`, in order. */
  ticks: readonly number[]
}

/** Numbers that differ by more than this factor, all above zero, are drawn on a logarithmic scale. */
export const LOG_FROM = 100

/**
 * The scale on which finite `numbers` are drawn; null without any. Logarithmic when all are above zero and the largest is
 * more than `LOG_FROM` times the smallest. A linear scale begins at zero when that leaves at least half of it to the
 * numbers: a loss of 0.1 must not look like none. `most`: how many ticks at most, 2 or more.
 */
export function axisFor(numbers: Iterable<number>, most = 4): Axis | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const x of numbers) {
    if (!Number.isFinite(x)) continue
    low = Math.min(low, x)
    high = Math.max(high, x)
  }
  if (low > high) return null
  if (low > 0 && high / low > LOG_FROM) return { kind: 'log', low, high, ticks: powersOfTen(low, high, most) }
  if (low === high) [low, high] = around(low)
  else if (low > 0 && low < high / 2) low = 0
  else if (high < 0 && high > low / 2) high = 0
  return { kind: 'linear', low, high, ticks: roundNumbers(low, high, most) }
}

/** Return the position of `x` on the scale: 0 at its low end, 1 at its high end. */
export function placeOn({ kind, low, high }: Axis, x: number): number {
  if (kind === 'linear') return (x - low) / (high - low)
  return Math.log(x / low) / Math.log(high / low)
}

/** A constant series stands in the middle of a scale that has a height. */
function around(x: number): [number, number] {
  const half = x === 0 ? 1 : Math.abs(x) / 2
  return [x - half, x + half]
}

/** Round numbers between two, not many more than `most`. */
export function roundNumbers(low: number, high: number, most: number): number[] {
  const rough = (high - low) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  if (!Number.isFinite(step) || step <= 0) return []
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  // The product's last digit may be off: 3 × 0.1 is 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

function powersOfTen(low: number, high: number, most: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  const every = Math.ceil((last - first + 1) / most)
  const powers: number[] = []
  for (let exponent = last; exponent >= first; exponent -= every) powers.unshift(Number(`1e${exponent}`))
  return powers
}
