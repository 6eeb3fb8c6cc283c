/** The film strip: which iterations are its cells, which of them are in view, and what a cell shows. Pure. */

import { scaleOf } from '../../core/colours'
import type { Iteration, Stats, Tensor } from '../../core/contract'
import { formatNumber, formatShape, toNumber } from '../../core/numbers'
import { sliceOf } from '../../core/tensors'

/** Cells of a strip at most: more would be a long way to scroll. */
export const MOST_CELLS = 100

/** Return the number of iterations from one cell to the next: the first of 1, 2, 5, 10, 20, 50, … that is enough. */
export function strideOf(count: number): number {
  for (let power = 1; ; power *= 10)
    for (const factor of [1, 2, 5]) if (count / (factor * power) <= MOST_CELLS) return factor * power
}

/** The iterations of the strip, from 0: every k-th, the last one, and the one that is on show. */
export function cellsOf(count: number, current: number): number[] {
  const stride = strideOf(count)
  const cells = new Set<number>()
  for (let k = 0; k < count; k += stride) cells.add(k)
  for (const k of [current, count - 1]) if (k >= 0 && k < count) cells.add(k)
  return [...cells].sort((a, b) => a - b)
}

/** First and last cell that a scrolled strip shows, both included, with one more on either side. */
export function inView(scrolled: number, width: number, cell: number, count: number): { from: number; to: number } {
  const from = Math.floor(scrolled / cell) - 1
  const to = Math.ceil((scrolled + width) / cell)
  return { from: Math.max(0, from), to: Math.min(count - 1, to) }
}

export type What = 'value' | 'gradient'

/**
 * Return the tensor of a node in an iteration; null where it has none. A leaf's gradient is the `.grad` that the last backward
 * pass left, as the curves show it.
 */
export function tensorOf({ values, backward }: Iteration, node: string, what: What): Tensor | null {
  if (what === 'value') return values[node]?.[0] ?? null
  for (const pass of backward.toReversed()) {
    const found = pass.accumulated[node] ?? pass.gradients[node]?.[0]
    if (found) return found
  }
  return null
}

/** The content of a cell. */
export type Content =
  | { kind: 'none' }
  | { kind: 'number'; number: number }
  | { kind: 'map'; rows: number; columns: number; numbers: readonly number[] }
  /** Statistics of a tensor whose numbers are not stored inside the iteration. */
  | { kind: 'statistics'; shape: readonly number[]; stats: Stats }

/** Reads a tensor. Of more than two dimensions the map shows the first slice. */
export function contentOf(tensor: Tensor | null): Content {
  if (tensor === null) return { kind: 'none' }
  const slice = sliceOf(tensor, [])
  if (slice === null)
    return tensor.stats ? { kind: 'statistics', shape: tensor.shape, stats: tensor.stats } : { kind: 'none' }
  const [rows, columns] = [slice.rows, slice.columns]
  const numbers = (tensor.data ?? []).slice(0, rows * columns).map(toNumber)
  if (numbers.length === 0) return { kind: 'none' }
  if (tensor.data?.length === 1) return { kind: 'number', number: numbers[0] as number }
  return { kind: 'map', rows, columns, numbers }
}

/** Return the largest finite magnitude in these cells: the one scale of the strip. 0 without any. */
export function sharedScale(contents: Iterable<Content>): number {
  let scale = 0
  for (const content of contents) {
    if (content.kind === 'number') scale = Math.max(scale, scaleOf([content.number]))
    if (content.kind === 'map') scale = Math.max(scale, scaleOf(content.numbers))
    if (content.kind === 'statistics')
      scale = Math.max(scale, scaleOf([content.stats.min, content.stats.max].filter((x) => x !== null)))
  }
  return scale
}

/** A cell in words. */
export function contentText(content: Content): string {
  switch (content.kind) {
    case 'none':
      return 'nothing'
    case 'number':
      return formatNumber(content.number)
    case 'map': {
      const known = content.numbers.filter(Number.isFinite)
      const broken = content.numbers.length - known.length
      const range =
        known.length === 0 ? '' : `, ${formatNumber(Math.min(...known))} … ${formatNumber(Math.max(...known))}`
      return `${content.rows}×${content.columns}${range}${broken > 0 ? `, ${broken} NaN or infinite` : ''}`
    }
    case 'statistics': {
      const { min, max, mean, nans, infs } = content.stats
      const number = (x: number | null) => (x === null ? '–' : formatNumber(x, 3))
      const broken = nans + infs > 0 ? `, ${nans + infs} NaN or infinite` : ''
      return `${formatShape(content.shape)}, ${number(min)} … ${number(max)}, mean ${number(mean)}${broken}`
    }
  }
}
