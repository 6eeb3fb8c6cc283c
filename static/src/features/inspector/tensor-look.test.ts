import { expect, test } from 'vitest'
import type { Tensor } from '../../core/contract'
import { FIRST_LOOK, viewOf, wholes } from './tensor-look'

const tensor = (data: number[] | null): Tensor => ({
  id: 't0',
  shape: [2],
  dtype: 'float32',
  device: 'cpu',
  data,
  stats: null,
})

test('many numbers are first a heatmap, few a table, until the reader chooses', () => {
  expect(viewOf(FIRST_LOOK, [8, 8])).toBe('table')
  expect(viewOf(FIRST_LOOK, [8, 9])).toBe('heatmap')
  expect(viewOf({ ...FIRST_LOOK, view: 'histogram' }, [2])).toBe('histogram')
})

test('an attention is first seen head by head, and nothing else is', () => {
  expect(viewOf(FIRST_LOOK, [2, 3, 3], true)).toBe('heads')
  expect(viewOf({ ...FIRST_LOOK, view: 'table' }, [2, 3, 3], true)).toBe('table')
  expect(viewOf({ ...FIRST_LOOK, view: 'heads' }, [2, 3, 3])).toBe('table')
})

test('numbers stand in the iteration, or were found since', () => {
  const [inline, fetched, missing] = [tensor([1, 2]), tensor(null), tensor(null)]
  const members = [inline, fetched, missing].map((one, i) => ({ name: `${i}`, kind: 'value' as const, tensor: one }))
  const found = wholes(
    members,
    new Map([
      [fetched, tensor([3, 4])],
      [missing, tensor(null)],
    ]),
  )
  expect(found.map(({ name, tensor: { data } }) => [name, data])).toEqual([
    ['0', [1, 2]],
    ['1', [3, 4]],
  ])
})
