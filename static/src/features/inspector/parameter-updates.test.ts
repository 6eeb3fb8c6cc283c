import { expect, test } from 'vitest'
import type { Tensor, Update } from '../../core/contract'
import { workedElement } from './parameter-updates'

const tensor = (shape: number[], data: number[] | null): Tensor => ({
  id: 't0',
  shape,
  dtype: 'float32',
  device: 'cpu',
  data,
  stats: null,
})
const update = (extra: Partial<Update>): Update => ({
  node: 'n0',
  optimizer: 'SGD',
  before: tensor([2, 2], [1, 2, 3, 4]),
  after: tensor([2, 2], [1, 2, 3.05, 4.01]),
  gradient: tensor([2, 2], [0, 0, -0.5, -0.1]),
  settings: { lr: 0.1, momentum: 0 },
  state: {},
  line: null,
  ...extra,
})

test('plain gradient descent is worked through at the element that moves most', () => {
  expect(workedElement(update({}))).toBe('[1, 0]: 3 − 0.1 · (−0.5) = 3.05')
})

test('any other update shows before and after', () => {
  expect(workedElement(update({ optimizer: 'Adam' }))).toBe('[1, 0]: 3 → 3.05')
  expect(workedElement(update({ optimizer: null, settings: {} }))).toBe('[1, 0]: 3 → 3.05')
  expect(workedElement(update({ settings: { lr: 0.1, momentum: 0.9 } }))).toBe('[1, 0]: 3 → 3.05')
  expect(workedElement(update({ gradient: null }))).toBe('[1, 0]: 3 → 3.05')
})

test('what does not move is shown at its first element', () => {
  expect(workedElement(update({ after: tensor([2, 2], [1, 2, 3, 4]), gradient: tensor([2, 2], [0, 0, 0, 0]) }))).toBe(
    '[0, 0]: 1 − 0.1 · 0 = 1',
  )
})

test('a single number has its formula elsewhere, too many numbers have none', () => {
  expect(workedElement(update({ before: tensor([1], [1]), after: tensor([1], [2]) }))).toBeNull()
  expect(workedElement(update({ before: tensor([9000], null), after: tensor([9000], null) }))).toBeNull()
})
