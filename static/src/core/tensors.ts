/** Reading a tensor's numbers for tables and heatmaps. Pure. Numbers are flat and row-major. */

import { indexOf } from './cells'
import type { Element, Stats, Tensor } from './contract'
import { formatNumber, formatShape, toNumber } from './numbers'

/** Two dimensions of a tensor, with all others held at one index. */
export interface Slice {
  rows: number
  columns: number
  /** The element at a row and a column. */
  at: (row: number, column: number) => Element
}

/** Return the number of leading dimensions that are not shown as rows and columns. */
export function heldDimensions(shape: readonly number[]): number {
  return Math.max(0, shape.length - 2)
}

/** The last two dimensions of `tensor` at the index `held` of the leading ones. A vector is one row. Null without numbers. */
export function sliceOf(tensor: Tensor, held: readonly number[]): Slice | null {
  const { data, shape } = tensor
  if (data === null) return null
  const columns = shape.at(-1) ?? 1
  const rows = shape.length < 2 ? 1 : (shape.at(-2) ?? 1)
  const leading = shape.slice(0, heldDimensions(shape))
  const offset = leading.reduce((flat, size, dimension) => flat * size + (held[dimension] ?? 0), 0) * rows * columns
  return { rows, columns, at: (row, column) => data[offset + row * columns + column] ?? 'NaN' }
}

/**
 * The statistics of a tensor: the recorded ones, else computed from its numbers. Mean, norm and the like are over the
 * finite elements, as the recorder computes them (std divides by N). Null without numbers.
 */
export function statsOf(tensor: Tensor): Stats | null {
  if (tensor.stats !== null) return tensor.stats
  if (tensor.data === null) return null
  const numbers = tensor.data.map(toNumber)
  const finite = numbers.filter(Number.isFinite)
  const count = finite.length
  const sum = (pick: (x: number) => number) => finite.reduce((total, x) => total + pick(x), 0)
  const mean = sum((x) => x) / count
  const some = <T>(value: T) => (count > 0 ? value : null)
  return {
    min: some(finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
    max: some(finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
    mean: some(mean),
    std: some(Math.sqrt(sum((x) => (x - mean) ** 2) / count)),
    norm: some(Math.sqrt(sum((x) => x * x))),
    zeros: numbers.filter((x) => x === 0).length,
    nans: numbers.filter(Number.isNaN).length,
    infs: numbers.filter((x) => x === Number.POSITIVE_INFINITY || x === Number.NEGATIVE_INFINITY).length,
  }
}

/** The positions of a tensor's smallest and largest finite numbers, and the count of its other numbers. */
export interface Extremes {
  low: { at: number; x: Element } | null
  high: { at: number; x: Element } | null
  nans: number
  infinities: number
}

/** Positions are flat and row-major; the first one where there are several. Null without numbers. */
export function extremesOf({ data }: Tensor): Extremes | null {
  if (data === null) return null
  const found: Extremes = { low: null, high: null, nans: 0, infinities: 0 }
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  data.forEach((x, at) => {
    const number = toNumber(x)
    if (Number.isNaN(number)) found.nans += 1
    else if (!Number.isFinite(number)) found.infinities += 1
    else {
      if (number < low) [low, found.low] = [number, { at, x }]
      if (number > high) [high, found.high] = [number, { at, x }]
    }
  })
  return found
}

/** Return a heatmap as a sentence: "3×4: smallest −1.2 at [0, 2], largest 3.4 at [1, 1], 2 NaN". */
export function describeExtremes(tensor: Tensor): string {
  const found = extremesOf(tensor)
  const shape = formatShape(tensor.shape)
  if (found === null) return shape
  const place = ({ at, x }: { at: number; x: Element }) =>
    `${formatNumber(x)} at [${indexOf(at, tensor.shape).join(', ')}]`
  const same = found.low !== null && found.low.x === found.high?.x && found.nans + found.infinities === 0
  if (same) return `${shape}: all ${formatNumber(found.low?.x ?? 0)}`
  const parts = [
    found.low ? `smallest ${place(found.low)}` : 'no finite numbers',
    found.high ? `largest ${place(found.high)}` : '',
    found.nans > 0 ? `${found.nans} NaN` : '',
    found.infinities > 0 ? `${found.infinities} infinite` : '',
  ]
  return `${shape}: ${parts.filter(Boolean).join(', ')}`
}

/** Return whether two tensors hold the same numbers, as far as they were recorded. */
export function sameNumbers(a: Tensor, b: Tensor): boolean {
  if (String(a.shape) !== String(b.shape)) return false
  if (a.data === null || b.data === null) return a.id === b.id || JSON.stringify(a.stats) === JSON.stringify(b.stats)
  return a.data.every((x, i) => String(x) === String(b.data?.[i]))
}

/** Return the count of numbers in a tensor of this shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** "[2, 3] · float32", as PyTorch writes a shape. */
export function describeShape({ shape, dtype }: Pick<Tensor, 'shape' | 'dtype'>): string {
  return `[${shape.join(', ')}] · ${dtype}`
}

/** Return whether the tensor is a single number. */
export function isSingle(tensor: Tensor): boolean {
  return elementCount(tensor.shape) === 1
}

/** Return whether no numbers of the tensor exist anywhere: it is on `meta`, or it is too large to be measured. */
export function isNowhere({ data, stats }: Pick<Tensor, 'data' | 'stats'>): boolean {
  return data === null && stats === null
}

/** Return the reason why a tensor without numbers has none; undefined for any other. */
export function whyNowhere(tensor: Tensor): string | undefined {
  if (!isNowhere(tensor)) return undefined
  return tensor.device === 'meta'
    ? 'On “meta” a tensor has a shape and a type, and no numbers: it takes no memory, and nothing is computed.'
    : whyBeyond(tensor)
}

/** Return the reason why the server has not kept the numbers of a tensor. */
export function whyBeyond({ shape, stats }: Pick<Tensor, 'shape' | 'stats'>): string {
  const count = elementCount(shape).toLocaleString('en')
  const known = stats === null ? 'Of this one nothing but its shape is known.' : 'Its statistics are of all of them.'
  return `Its ${count} numbers are not here: a recording keeps no tensor as large as this one. ${known}`
}
