/** From a series to the path of a curve: gaps where there is no number, and no more points than pixels. Pure. */

import { type Axis, placeOn } from './axis'
import { isNumber, type Series, stretches } from './series'

/** Pixels: the height of a mark. */
const MARK = 7

/** The area of a curve, in pixels. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** The middle of iteration `index`, from 0, of `count`: the first at the left end, the last at the right. */
export function xOf(index: number, count: number, box: Box): number {
  return count < 2 ? box.left + box.width / 2 : box.left + (index / (count - 1)) * box.width
}

/** The iteration, from 0, that is nearest to `x`. */
export function iterationAt(x: number, count: number, box: Box): number {
  const index = Math.round(((x - box.left) / Math.max(1, box.width)) * (count - 1))
  return Math.max(0, Math.min(count - 1, index))
}

/** The height at which a number stands. */
export function yOf(x: number, axis: Axis, box: Box): number {
  return box.top + box.height * (1 - placeOn(axis, x))
}

/**
 * The curve of a series as the `d` of a path. A number without neighbours is a point, which a round line cap shows. `passed`: by
 * iteration, whether the curve passes it without a gap, for it has no part in the series.
 */
export function curvePath(series: Series, axis: Axis, box: Box, passed: readonly boolean[] = []): string {
  const point = (i: number) => `${short(xOf(i, series.length, box))},${short(yOf(series[i] as number, axis, box))}`
  return stretches(series, (x, i) => isNumber(x) || passed[i] === true)
    .map(([from, to]) => {
      const drawn = thinned(series, from, to, box.width)
      if (drawn.length === 0) return ''
      return `M${drawn.map(point).join('L')}${drawn.length === 1 ? 'h0' : ''}`
    })
    .join('')
}

/** A short line at the foot of the plot, at iteration `index` of `count`, as the `d` of a path. */
export function markAt(index: number, count: number, box: Box): string {
  return `M${short(xOf(index, count, box))},${short(box.top + box.height)}v${-MARK}`
}

/** A short line at the foot of the plot for each iteration that is marked; one for all that share a pixel. */
export function marksPath(marked: readonly boolean[], box: Box): string {
  const places = marked.flatMap((is, index) => (is ? [index] : []))
  const pixel = (index: number) => Math.round(xOf(index, marked.length, box))
  return places
    .filter((index, i) => i === 0 || pixel(index) !== pixel(places[i - 1] as number))
    .map((index) => markAt(index, marked.length, box))
    .join('')
}

/**
 * The band between two series as the `d` of a closed path. Where pixels are fewer than iterations, a column reaches from
 * the lowest to the highest number in it.
 */
export function bandPath(low: Series, high: Series, axis: Axis, box: Box): string {
  const both = low.map((x, i) => (isNumber(x) && isNumber(high[i]) ? x : null))
  return stretches(both, isNumber)
    .map(([from, to]) => {
      const columns = columnsOf(from, to, low.length, box.width)
      const edge = (series: Series, pick: (...numbers: number[]) => number) =>
        columns.map(([first, last]) => {
          let found = series[first] as number
          for (let i = first + 1; i <= last; i += 1) found = pick(found, series[i] as number)
          return `${short(xOf((first + last) / 2, low.length, box))},${short(yOf(found, axis, box))}`
        })
      const [upper, lower] = [edge(high, Math.max), edge(low, Math.min)]
      const single = columns.length === 1 ? 'h0' : ''
      return `M${upper.join('L')}${single}L${lower.reverse().join('L')}Z`
    })
    .join('')
}

/**
 * The indices between `from` and `to` that must be drawn so that the curve looks as if all were: of each pixel column the
 * first, the lowest, the highest and the last. All of them where there are no more than that.
 */
function thinned(series: Series, from: number, to: number, width: number): number[] {
  return columnsOf(from, to, series.length, width).flatMap(([first, last]) => {
    const drawn: number[] = []
    for (let i = first; i <= last; i += 1) if (isNumber(series[i])) drawn.push(i)
    let [lowest, highest] = [drawn[0], drawn[0]]
    for (const i of drawn) {
      if ((series[i] as number) < (series[lowest as number] as number)) lowest = i
      if ((series[i] as number) > (series[highest as number] as number)) highest = i
    }
    if (lowest === undefined || highest === undefined) return []
    return [
      ...new Set([drawn[0] as number, Math.min(lowest, highest), Math.max(lowest, highest), drawn.at(-1) as number]),
    ]
  })
}

/** The iterations `from` to `to` by pixel column of a plot of `count` iterations: first and last of each, both included. */
function columnsOf(from: number, to: number, count: number, width: number): [number, number][] {
  const all = Math.max(1, Math.floor(width))
  const columns: [number, number][] = []
  let before = -1
  for (let i = from; i <= to; i += 1) {
    const column = count <= all ? i : Math.floor((i / count) * all)
    const last = columns.at(-1)
    if (last && column === before) last[1] = i
    else columns.push([i, i])
    before = column
  }
  return columns
}

/** A tenth of a pixel is finer than a screen shows. */
function short(x: number): string {
  return String(Math.round(x * 10) / 10)
}
