import { expect, test } from 'vitest'
import { stepOver } from './step-over'
import { stepsOf } from './testing'

const steps = stepsOf([
  'leaf x',
  'operation a',
  'operation b',
  'operation c',
  'operation y',
  'backward y',
  'backward c',
  'backward b',
  'backward a',
  'accumulate x',
])
const group = new Set(['a', 'b', 'c'])

test.each<[number, 1 | -1, number]>([
  [1, 1, 4],
  [2, 1, 4],
  [3, -1, 0],
  [6, 1, 9],
  [8, -1, 5],
])('from step %i in direction %i to %i', (from, direction, to) => {
  expect(stepOver(steps, group, from, direction)).toBe(to)
})

test('outside of all groups it is one step, and the ends are held', () => {
  expect(stepOver(steps, new Set(), 1, 1)).toBe(2)
  expect(stepOver(steps, new Set(), 0, -1)).toBe(0)
  expect(stepOver(steps, new Set(['x']), 9, 1)).toBe(9)
})

test('a group that is left backwards in another phase ends with its phase', () => {
  const all = stepsOf(['operation a', 'operation b', 'backward b', 'backward a'])
  expect(stepOver(all, new Set(['a', 'b']), 0, 1)).toBe(2)
  expect(stepOver(all, new Set(['a', 'b']), 3, -1)).toBe(1)
})
