import { describe, expect, test } from 'vitest'
import type { Iteration, SnapshotHead, Tensor } from '../../core/contract'
import { draggableOf, firstUse, flatOf, indexOf } from './leaf-elements'
import { graph, leaf, operation, tensor } from './testing'

const nodes = [
  leaf('n0', 'w'),
  leaf('n1', 'x', { kind: 'input' }),
  leaf('n2', 'x', { kind: 'input' }),
  leaf('n3', null),
  operation('n4'),
]
const later = [...nodes, leaf('n5', 'late')]
const head = {
  graphs: [graph(nodes), graph(later, 1)],
  iterations: [0, 0, 1, 1].map((id, index) => ({ index, graph: id, loss: 0, steps: 1 })),
} as unknown as SnapshotHead
const body = (index: number, values: Record<string, Tensor[]> = {}) =>
  ({
    index,
    graph: index < 2 ? 0 : 1,
    values: { n0: [tensor([2.2])], n5: [tensor([1])], ...values },
  }) as unknown as Iteration

test('the first use of a name', () => {
  expect(['w', 'late', 'nobody'].map((name) => firstUse(head, name))).toEqual([0, 2, null])
})

describe('what can be dragged', () => {
  const why = (id: string, at: Iteration) => {
    const node = later.find((one) => one.id === id)
    if (!node) throw new Error(id)
    return draggableOf(head, at, node)
  }
  test('a float at its first use', () =>
    expect(why('n0', body(0))).toMatchObject({ why: null, tensor: { data: [2.2] } }))
  test('also where that is late', () => expect(why('n5', body(2)).why).toBeNull())
  test('not in a later iteration', () =>
    expect(why('n0', body(1))).toMatchObject({ first: 0, why: expect.stringContaining('iteration 1') }))
  test('not the second of a name', () => expect(why('n2', body(0)).why).toContain('Another leaf called x'))
  test('not without a name', () => expect(why('n3', body(0)).why).toContain('no name'))
  test.each([
    [{ ...tensor([2]), data: null, device: 'meta' }, 'On “meta” a tensor has no numbers'],
    [tensor([2], { dtype: 'int64' }), 'whole (int64)'],
    [tensor([1], { dtype: 'bool' }), 'true or false'],
    [tensor([1], { dtype: 'complex64' }), 'complex64'],
    [tensor([], { shape: [0, 3] }), 'no number'],
    [tensor([], { data: null, shape: [64, 48] }), '3,072'],
  ])('not what is none of that', (value, reason) => expect(why('n0', body(0, { n0: [value] })).why).toContain(reason))
})

test('an index is a place in the flat data, and back', () => {
  expect(indexOf(23, [2, 3, 4])).toEqual([1, 2, 3])
  expect(indexOf(0, [])).toEqual([])
  for (let flat = 0; flat < 24; flat += 1) expect(flatOf(indexOf(flat, [2, 3, 4]), [2, 3, 4])).toBe(flat)
})
