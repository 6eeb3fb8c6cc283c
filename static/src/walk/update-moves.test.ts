import { describe, expect, it } from 'vitest'
import type { Iteration } from '../core/contract'
import { tensor } from './testing'
import { movesText } from './update-moves'

type Update = Iteration['updates'][number]

function told(before: number[], after: number[], gradient: number[] | null): string {
  const tensors = { before: tensor(before), after: tensor(after), gradient: gradient && tensor(gradient) }
  const { many, way, rest } = movesText({ node: 'n0', ...tensors } as unknown as Update)
  return many + way + rest
}

describe('an update of many numbers', () => {
  it('moves them against their gradient', () => {
    expect(told([4, 1], [3.96, -0.8], [0.4, 18])).toBe('all 2 numbers move against their gradient')
  })

  it('does not always: momentum goes on, and a gradient of 0 moves nothing', () => {
    expect(told([1, 1, 1, 1], [0, 0, 2, 1], [1, 1, 1, 0])).toBe(
      '2 of 4 numbers move against their gradient, 1 does not, 1 stays',
    )
    expect(told([1, 1, 1], [0, 2, 2], [1, 1, 1])).toBe('1 of 3 numbers moves against its gradient, 2 do not')
    expect(told([1, 1, 1], [0, 1, 1], [1, 0, 0])).toBe('1 of 3 numbers moves against its gradient, 2 stay')
  })

  it('may leave all of them where they are', () => {
    expect(told([1, 1], [1, 1], [0, 0])).toBe('all 2 numbers stay as they are')
  })

  it('is told of by the shape where there are no numbers to compare', () => {
    expect(told([1, 1], [0, 0], null)).toBe('all 2 numbers move against their gradient')
  })
})
