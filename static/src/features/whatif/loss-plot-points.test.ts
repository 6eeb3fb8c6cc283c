import { describe, expect, test } from 'vitest'
import { curveOf, plotOf, tickTexts } from './loss-plot-points'
import { change, recorded, state } from './testing'

const BOX = { left: 50, top: 10, width: 200, height: 100 }
/** L = w², at w = 1. */
const square = recorded(1, [2, 0])
const visit = (...values: number[]) => values.map((w) => ({ changes: [change(w)], losses: [w * w] }))

describe('the curve', () => {
  const whatIf = state(square, { shown: [change(3)], visited: visit(2, 3, 1.5) })
  const curve = curveOf(whatIf, change(3), 0)
  test('goes from left to right through what was visited and the recorded run', () => {
    expect(curve.points).toEqual([1, 1.5, 2, 3].map((x) => ({ x, y: x * x })))
    expect(curve).toMatchObject({ recorded: { x: 1, y: 1 }, now: { x: 3, y: 9 } })
  })
  test('has the gradient as the slope of its tangent', () => expect(curve.tangent).toEqual({ x: 1, y: 1, slope: 2 }))
  test('leaves out what was visited with other numbers elsewhere', () => {
    const other = change(5, { index: [1] })
    const both = state(square, {
      shown: [change(2), other],
      visited: [...visit(3), { changes: [other, change(2)], losses: [7] }],
    })
    const found = curveOf(both, change(2), 0)
    expect(found).toMatchObject({ points: [{ x: 2, y: 7 }], recorded: null, now: { x: 2, y: 7 } })
    expect(found.tangent).toEqual({ x: 1, y: 1, slope: 2 })
  })
  test('has no tangent without a gradient', () => {
    const frozen = change(4, { name: 'x', recorded: 3 })
    expect(curveOf(state(square, { shown: [frozen] }), frozen, 0).tangent).toBeNull()
  })
  test('has no point where the loss is no number', () => {
    const broken = state(square, { visited: [{ changes: [change(2)], losses: ['NaN'] }] })
    expect(curveOf(broken, change(2), 0).points).toEqual([{ x: 1, y: 1 }])
  })
})

describe('the plot', () => {
  const whatIf = state(square, { shown: [change(3)], visited: visit(2, 3) })
  const plot = plotOf(curveOf(whatIf, change(3), 0), BOX)
  const inside = ({ x, y }: { x: number; y: number }) =>
    x >= 50 - 1e-6 && x <= 250 + 1e-6 && y >= 10 - 1e-6 && y <= 110 + 1e-6

  test('holds all points, and the tangent within its ends', () => {
    expect(plot?.points.every(inside)).toBe(true)
    expect(plot?.tangent && inside(plot.tangent.from) && inside(plot.tangent.to)).toBe(true)
  })
  test('puts the recorded point onto its tangent', () => {
    const { from, to } = plot?.tangent ?? { from: { x: 0, y: 0 }, to: { x: 0, y: 0 } }
    const { x, y } = plot?.recorded ?? { x: 0, y: 0 }
    const share = (x - from.x) / (to.x - from.x)
    expect(from.y + share * (to.y - from.y)).toBeCloseTo(y, 6)
  })
  test('a larger loss stands higher', () => {
    const [low, high] = [plot?.points[0], plot?.points.at(-1)]
    expect(low && high && low.y > high.y && low.x < high.x).toBe(true)
  })
  test('ticks stand inside', () => {
    expect(plot?.horizontal.every(({ at }) => at >= 50 && at <= 250)).toBe(true)
    expect(plot?.vertical.length).toBeGreaterThan(1)
  })
  test('a steep tangent does not press the curve flat', () => {
    const steep = plotOf(
      {
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
        recorded: null,
        now: null,
        tangent: { x: 0, y: 0, slope: 1e6 },
      },
      BOX,
    )
    const [first, last] = steep?.points ?? []
    expect(Math.abs((first?.y ?? 0) - (last?.y ?? 0))).toBeGreaterThan(30)
    expect(steep?.tangent && inside(steep.tangent.to)).toBe(true)
  })
  test('one point alone has a place', () => {
    const alone = plotOf({ points: [{ x: 0, y: 0 }], recorded: null, now: null, tangent: null }, BOX)
    expect(alone?.points).toEqual([{ x: 150, y: 60 }])
  })
  test('nothing is drawn of nothing', () =>
    expect(plotOf({ points: [], recorded: null, now: null, tangent: null }, BOX)).toBeNull())
})

test('ticks are told apart', () => {
  const ticks = [0.7435, 0.744, 0.7445].map((value) => ({ at: 0, value }))
  expect(tickTexts(ticks)).toEqual(['0.7435', '0.744', '0.7445'])
})
