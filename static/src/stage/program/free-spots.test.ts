import { describe, expect, it } from 'vitest'
import { freeSpot, inside, upAndDown } from './free-spots'

const size = { width: 40, height: 20 }
const wall = { x: 0, y: 0, width: 100, height: 50 }

describe('a remark', () => {
  it('stands at the first wish that is free', () => {
    const wishes = [
      { x: 50, y: 25 },
      { x: 50, y: 70 },
      { x: 50, y: 90 },
    ]
    expect(freeSpot(size, wishes, [wall])).toEqual({ x: 50, y: 70, covered: 0 })
  })

  it('covers as little as it can where nothing is free', () => {
    const spot = freeSpot(
      size,
      [
        { x: 50, y: 25 },
        { x: 110, y: 25 },
      ],
      [wall],
    )
    expect(spot.x).toBe(110)
    expect(spot.covered).toBeGreaterThan(0)
  })

  it('stands where it would whatever lies out of its reach', () => {
    const wishes = upAndDown({ x: 50, y: 25 }, 0, 60)
    const [alone, among] = [[wall], [{ ...wall, x: 500 }, wall, { ...wall, y: -500 }]]
    expect(freeSpot(size, wishes, among)).toEqual(freeSpot(size, wishes, alone))
    expect(freeSpot(size, wishes, [...among, { ...wall, y: 53 }])).not.toEqual(freeSpot(size, wishes, alone))
  })

  it('looks near first, below before above', () => {
    expect(upAndDown({ x: 1, y: 100 }, 10, 20).map((p) => p.y)).toEqual([110, 90, 118, 82])
    expect(upAndDown({ x: 1, y: 100 }, 10, 10, [0, -5]).map((p) => p.x)).toEqual([1, -4, 1, -4])
  })

  it('is moved in from the side, and never stands above or below the view', () => {
    expect(
      inside(
        [
          { x: 0, y: 25 },
          { x: 99, y: 45 },
        ],
        size,
        wall,
      ),
    ).toEqual([{ x: 20, y: 25 }])
  })
})
