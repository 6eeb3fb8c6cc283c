import { describe, expect, test } from 'vitest'
import { axisFor } from './axis'
import { bandPath, curvePath, iterationAt, marksPath, xOf } from './curve'
import type { Series } from './series'

const BOX = { left: 10, top: 0, width: 100, height: 50 }
const axis = (series: Series) => {
  const found = axisFor(series.filter((x) => x !== null))
  if (!found) throw new Error('nothing to draw')
  return found
}
const draw = (series: Series, box = BOX) => curvePath(series, axis(series), box)
const points = (path: string) => [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)])

describe('a curve', () => {
  test('goes from the first iteration at the left end to the last at the right', () => {
    expect(draw([0, 4, 2])).toBe('M10,50L60,0L110,25')
  })

  test('has a gap where there is no number, and a point where there is one alone', () => {
    expect(draw([0, 4, null, 2, Number.NaN])).toBe('M10,50L35,0M85,25h0')
  })

  test('passes what has no part in the series without a gap', () => {
    const passed = [false, false, true, false, true]
    expect(curvePath([0, 4, null, 2, null], axis([0, 4, 2]), BOX, passed)).toBe('M10,50L35,0L85,25')
    expect(curvePath([null, null], axis([0, 1]), BOX, [true, true])).toBe('')
  })

  test('of 2,000 iterations of which every fifth is passed is one line', () => {
    const series = Array.from({ length: 2000 }, (_, i) => (i % 5 === 4 ? null : Math.sin(i / 50)))
    const passed = series.map((x) => x === null)
    expect(draw(series).match(/M/g)?.length).toBe(400)
    expect(curvePath(series, axis(series), BOX, passed).match(/M/g)?.length).toBe(1)
  })

  test('of 2,000 iterations keeps every extreme and few points', () => {
    const series = Array.from({ length: 2000 }, (_, i) => Math.sin(i / 50) + (i === 777 ? 9 : 0) - (i === 1234 ? 9 : 0))
    const found = points(draw(series))
    expect(found.length).toBeLessThanOrEqual(4 * BOX.width)
    expect(Math.min(...found.map(([, y]) => y as number))).toBe(0)
    expect(Math.max(...found.map(([, y]) => y as number))).toBe(50)
    const xs = found.map(([x]) => x as number)
    expect(xs).toEqual(xs.toSorted((a, b) => a - b))
    expect([xs[0], xs.at(-1)]).toEqual([10, 110])
  })

  test('of 2,000 iterations reaches in every column as high and as low as all points would', () => {
    const series = Array.from({ length: 2000 }, (_, i) => ((i * 7919) % 1000) / 1000)
    const found = points(draw(series))
    for (let column = 0; column < 100; column += 1) {
      const inside = series.slice(column * 20, column * 20 + 20).map((x) => 50 * (1 - x / 0.999))
      const [left, right] = [xOf(column * 20, 2000, BOX), xOf(column * 20 + 19, 2000, BOX)]
      const ys = found
        .filter(([x]) => (x as number) > left - 0.1 && (x as number) < right + 0.1)
        .map(([, y]) => y as number)
      expect(Math.min(...ys)).toBeLessThanOrEqual(Math.min(...inside) + 0.1)
      expect(Math.max(...ys)).toBeGreaterThanOrEqual(Math.max(...inside) - 0.1)
    }
  })
})

describe('marks', () => {
  test('stand at the foot of the plot', () => {
    expect(marksPath([false, true, false, false, true], BOX)).toBe('M35,50v-7M110,50v-7')
    expect(marksPath([false, false], BOX)).toBe('')
  })

  test('of 2,000 iterations are no more than pixels', () => {
    const marked = Array.from({ length: 2000 }, () => true)
    expect(marksPath(marked, BOX).match(/M/g)?.length).toBeLessThanOrEqual(101)
  })
})

describe('a band', () => {
  const band = (low: Series, high: Series) => {
    const found = axisFor([...low, ...high].filter((x) => x !== null))
    if (!found) throw new Error('nothing to draw')
    return bandPath(low, high, found, BOX)
  }

  test('goes along its upper edge and back along its lower one', () => {
    expect(band([0, 1, 0], [4, 4, 2])).toBe('M10,0L60,0L110,25L110,50L60,37.5L10,50Z')
  })

  test('is cut where the parameter took no part', () => {
    expect(band([0, null, 0, 0], [4, null, 4, 4])).toBe('M10,0h0L10,50ZM76.7,0L110,0L110,50L76.7,50Z')
  })

  test('of 2,000 iterations reaches from the lowest to the highest number', () => {
    const low = Array.from({ length: 2000 }, (_, i) => (i === 500 ? -5 : 0))
    const high = Array.from({ length: 2000 }, (_, i) => (i === 1500 ? 5 : 1))
    const ys = points(band(low, high)).map(([, y]) => y)
    expect(ys.length).toBeLessThanOrEqual(2 * BOX.width)
    expect(Math.min(...(ys as number[]))).toBe(0)
    expect(Math.max(...(ys as number[]))).toBe(50)
  })
})

test('the pointer finds the iteration it is at', () => {
  for (const count of [1, 2, 20, 100])
    for (let i = 0; i < count; i += 1) expect(iterationAt(xOf(i, count, BOX), count, BOX)).toBe(i)
  expect(iterationAt(-50, 20, BOX)).toBe(0)
  expect(iterationAt(500, 20, BOX)).toBe(19)
})
