import { expect, test } from 'vitest'
import type { Iteration, SnapshotHead } from '../../core/contract'
import { otherWayOf, samePlaceIn, sharing } from './same-picture'
import { graph, leaf, operation } from './testing'

const headOf = (...graphs: ReturnType<typeof graph>[]) => ({ graphs }) as unknown as SnapshotHead
const copy = <T>(x: T): T => JSON.parse(JSON.stringify(x)) as T
const one = graph([leaf('n0', 'w'), operation('n1')])
const two = graph([leaf('n0', 'w'), operation('n1'), operation('n2')], 1)
const body = (id: number, nodes: string[]) =>
  ({
    graph: id,
    steps: nodes.map((node, index) => ({ index, node, kind: 'operation', pass: null })),
  }) as unknown as Iteration

test('equal graphs become the same object, others stay', () => {
  const shared = sharing(headOf(copy(one), copy(two)), [headOf(one)])
  expect(shared.graphs[0]).toBe(one)
  expect(shared.graphs[1]).toEqual(two)
  expect(sharing(headOf(copy({ ...two, id: 0 })), [headOf(one)]).graphs[0]).not.toBe(one)
})

test('in the same graph the reader stays where they are, in another one at what is alike', () => {
  const page = { head: headOf(one), body: body(0, ['n0', 'n1']), step: 1, selected: 'n0', open: ['g0'] }
  expect(samePlaceIn(page, headOf(one), body(0, []))).toEqual({ step: 1, selected: 'n0', open: ['g0'] })
  const longer = graph([leaf('n5', 'w'), operation('n6'), operation('n7')])
  const placed = samePlaceIn(page, headOf(longer), body(0, ['n5', 'n6', 'n7']))
  expect(placed).toEqual({ step: 1, selected: 'n5', open: null })
})

test('another way is told', () => {
  expect(otherWayOf(one, one)).toBeNull()
  expect(otherWayOf(one, two)).toContain('2 operations instead of 1')
  expect(otherWayOf(two, one)).toContain('1 operation instead of 2')
  expect(otherWayOf(one, copy(one))).toContain('other operations')
})
