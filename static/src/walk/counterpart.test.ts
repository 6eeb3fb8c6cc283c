import { expect, test } from 'vitest'
import type { Graph, Iteration, Node, Step } from '../core/contract'
import { nodeOf } from '../core/testing'
import { sameNode, sameStep } from './counterpart'

const node = (id: string, extra: Partial<Node>): Node => ({ ...nodeOf(id, null), id, name: null, ...extra })
const graph = (id: number, nodes: Node[]): Graph => ({ id, nodes, edges: [], groups: [] })
const w = { kind: 'parameter', name: 'w', line: 3 } as const
const mul = { kind: 'operation', op: 'mul', line: 7 } as const

/** y is computed once; the iterations after the first get it as an input. */
const first = graph(0, [
  node('n0', { kind: 'operation', op: 'sub', name: 'y', line: 2 }),
  node('n1', w),
  node('n2', mul),
  node('n3', mul),
  node('n4', { kind: 'operation', op: 'sum', line: 9 }),
])
const second = graph(1, [
  node('n0', w),
  node('n1', mul),
  node('n2', { kind: 'input', name: 'y', line: 2 }),
  node('n3', mul),
])

test.each([
  ['n1', 'n0'],
  ['n2', 'n1'],
  ['n3', 'n3'],
  ['n0', 'n2'],
  ['n4', null],
  ['n9', null],
])('%s of the one graph is %s of the other', (id, other) => expect(sameNode(first, second, id)).toBe(other))

test('within a graph a node is itself', () => expect(sameNode(first, first, 'n4')).toBe('n4'))

const iteration = (steps: [string, Step['kind']][]) =>
  ({ steps: steps.map(([id, kind], index) => ({ index, node: id, kind, pass: null })) }) as unknown as Iteration
const before = iteration([
  ['n0', 'operation'],
  ['n1', 'leaf'],
  ['n2', 'operation'],
  ['n3', 'operation'],
  ['n4', 'operation'],
  ['n1', 'update'],
])
const after = iteration([
  ['n1', 'operation'],
  ['n3', 'operation'],
  ['n0', 'update'],
])

test.each([
  [3, 1],
  [5, 2],
  // what has no counterpart leads to what came before it
  [4, 1],
  [1, 0],
])('step %i is step %i of an iteration with another graph', (step, other) =>
  expect(sameStep({ from: first, to: second }, before, after, step)).toBe(other),
)

test('in the same graph the number stays, as far as there are steps', () => {
  expect(sameStep({ from: first, to: first }, before, after, 1)).toBe(1)
  expect(sameStep({ from: first, to: first }, before, after, 5)).toBe(2)
})
