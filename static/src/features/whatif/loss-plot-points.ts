/** The picture of what a gradient is: the loss over one number, the points that were visited, the tangent. Pure geometry. */

import type { Element } from '../../core/contract'
import { formatNumber } from '../../core/numbers'
import { roundNumbers } from '../../ui/chart/axis'
import { areSame, isSame } from './leaf-changes'
import { finite, predict } from './loss-prediction'
import type { Change, WhatIfState } from './what-if-state'

/** A point of the curve: x is the number, y the loss. */
export interface Point {
  x: number
  y: number
}

export interface Line {
  from: Point
  to: Point
}

export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** The curve to draw, in the units of the numbers. */
export interface Curve {
  /** From left to right. */
  points: readonly Point[]
  /** The recorded run; null where other numbers were changed too. */
  recorded: Point | null
  /** The run on show. */
  now: Point | null
  /** A point of the tangent, and how steep it is. */
  tangent: (Point & { slope: number }) | null
}

export interface Tick {
  at: number
  value: number
}

/** The plot to draw, in pixels. */
export interface Plot {
  points: readonly Point[]
  recorded: Point | null
  now: Point | null
  tangent: Line | null
  horizontal: readonly Tick[]
  vertical: readonly Tick[]
}

const TICK_ROOM = { horizontal: 62, vertical: 26 }
const LEAST_DIGITS = 3
const MOST_DIGITS = 9
/** Free space around the points, of the width and the height that they take. */
const AROUND = 0.12
/** The narrowest stretch that is drawn, of the recorded number: a single point needs a place to stand, too. */
const LEAST_WIDTH = 0.05
/** The share of the points' height by which the tangent may stretch the plot. */
const STRETCH = 0.6

/** The loss of iteration `k`, from 0, over the number of `cell`; all other changes are those of the run on show. */
export function curveOf(whatIf: WhatIfState, cell: Change, k: number): Curve {
  const others = whatIf.shown.filter((change) => !isSame(change, cell))
  const numberIn = (changes: readonly Change[]) => changes.find((one) => isSame(one, cell))?.value ?? cell.recorded
  const alike = whatIf.visited.filter(({ changes }) =>
    areSame(
      changes.filter((one) => !isSame(one, cell)),
      others,
    ),
  )
  const points = new Map<number, Point>()
  const add = (changes: readonly Change[], loss: Element | null) => {
    const [x, y] = [numberIn(changes), finite(loss)]
    if (y === null) return null
    points.set(x, { x, y })
    return { x, y }
  }
  const recordedLoss = whatIf.recorded.head.iterations[k]?.loss ?? null
  const recorded = others.length === 0 ? add([], recordedLoss) : null
  for (const { changes, losses } of alike) add(changes, losses[k] ?? null)
  const x = numberIn(whatIf.shown)
  return {
    points: [...points.values()].sort((a, b) => a.x - b.x),
    recorded,
    now: points.get(x) ?? null,
    tangent: tangentOf(whatIf, cell, others, k, finite(recordedLoss)),
  }
}

function tangentOf(
  { recorded }: WhatIfState,
  cell: Change,
  others: readonly Change[],
  k: number,
  loss: number | null,
): Curve['tangent'] {
  const prediction = predict(recorded, [...others, cell], k)
  if (loss === null || 'none' in prediction) return null
  const own = prediction.terms.at(-1)
  if (own === undefined) return null
  return { x: cell.recorded, y: loss + prediction.total - own.delta * own.gradient, slope: own.gradient }
}

/** Fits a curve into a box. Null without a point. */
export function plotOf(curve: Curve, box: Box): Plot | null {
  const all = [...curve.points, ...(curve.tangent ? [curve.tangent] : [])]
  const [first] = all
  if (first === undefined) return null
  const least = LEAST_WIDTH * Math.max(...all.map(({ x }) => Math.abs(x))) || 1
  const across = widened(
    all.map(({ x }) => x),
    least,
  )
  const up = heightOf(curve, all, across)
  const place = ({ x, y }: Point): Point => ({
    x: box.left + ((x - across.low) / (across.high - across.low)) * box.width,
    y: box.top + (1 - (y - up.low) / (up.high - up.low)) * box.height,
  })
  const ticks = ({ low, high }: Range, room: number, size: number) => roundNumbers(low, high, Math.max(2, size / room))
  return {
    points: curve.points.map(place),
    recorded: curve.recorded && place(curve.recorded),
    now: curve.now && place(curve.now),
    tangent: curve.tangent && lineOf(curve.tangent, across, up, place),
    horizontal: ticks(across, TICK_ROOM.horizontal, box.width).map((value) => ({
      value,
      at: place({ x: value, y: 0 }).x,
    })),
    vertical: ticks(up, TICK_ROOM.vertical, box.height).map((value) => ({ value, at: place({ x: 0, y: value }).y })),
  }
}

/** The numbers at the ticks, with as many digits as tell them apart. */
export function tickTexts(ticks: readonly Tick[]): string[] {
  for (let digits = LEAST_DIGITS; ; digits += 1) {
    const texts = ticks.map(({ value }) => formatNumber(value, digits))
    if (new Set(texts).size === ticks.length || digits === MOST_DIGITS) return texts
  }
}

interface Range {
  low: number
  high: number
}

function widened(numbers: readonly number[], least: number): Range {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
  const pad = Math.max((high - low) * AROUND, least / 2)
  return { low: low - pad, high: high + pad }
}

/** Return the height of the plot: of points and tangent, unless that would flatten the curve. */
function heightOf({ tangent }: Curve, all: readonly Point[], across: Range): Range {
  const heights = all.map(({ y }) => y)
  const [low, high] = [Math.min(...heights), Math.max(...heights)]
  const ends = tangent === null ? [] : [across.low, across.high].map((x) => heightAt(tangent, x))
  // before there is a second point, the tangent is all that there is to see
  const span = high - low || Math.abs((ends[1] ?? 0) - (ends[0] ?? 0)) || 1
  const held = ends.map((y) => Math.max(low - STRETCH * span, Math.min(high + STRETCH * span, y)))
  const numbers = [...heights, ...held]
  const height = Math.max(...numbers) - Math.min(...numbers)
  return widened(numbers, height > 0 ? 0 : Math.abs(low) * LEAST_WIDTH || 1)
}

function heightAt(tangent: Point & { slope: number }, x: number): number {
  return tangent.y + tangent.slope * (x - tangent.x)
}

/** Return the part of the tangent that lies inside. */
function lineOf(
  tangent: Point & { slope: number },
  across: Range,
  up: Range,
  place: (point: Point) => Point,
): Line | null {
  const reach = [across.low, across.high]
  const { slope } = tangent
  const crossings = slope === 0 ? [] : [up.low, up.high].map((y) => tangent.x + (y - tangent.y) / slope)
  const [least, most] = crossings.sort((a, b) => a - b)
  const [from, to] = [Math.max(reach[0] ?? 0, least ?? across.low), Math.min(reach[1] ?? 0, most ?? across.high)]
  if (from >= to) return null
  return { from: place({ x: from, y: heightAt(tangent, from) }), to: place({ x: to, y: heightAt(tangent, to) }) }
}
