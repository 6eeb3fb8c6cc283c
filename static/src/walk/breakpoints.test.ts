import { describe, expect, it, test } from 'vitest'
import type { Graph, Iteration, SnapshotHead } from '../core/contract'
import { afterRun, breakFrom, breaksAt, inGraph, linesOf, parseBreakpoints, toggled } from './breakpoints'
import recorded from './fixtures/neuron.json'
import { buildTimeline } from './timeline'

const graph = recorded.graph as unknown as Graph
const neuron = buildTimeline(graph, recorded.iteration as unknown as Iteration)
const stops = (...all: string[]) => neuron.steps.flatMap((_, at) => (breaksAt(all, neuron, at) ? [at] : []))

test.each([
  [null, []],
  ['', []],
  ['n4,l12', ['n4', 'l12']],
  ['n4,n4,x1,l,n-1,<script>', ['n4']],
])('%j is read', (text, all) => expect(parseBreakpoints(text)).toEqual(all))

test('an address with too many carries the first hundred', () => {
  expect(parseBreakpoints(Array.from({ length: 500 }, (_, i) => `n${i}`).join()).length).toBe(100)
})

test('one is set and taken away', () => {
  expect(toggled(toggled([], 'n4'), 'l12')).toEqual(['n4', 'l12'])
  expect(toggled(['n4', 'l12'], 'n4')).toEqual(['l12'])
  expect(linesOf(['l12', 'n4', 'l3'])).toEqual([3, 12])
})

describe('in the neuron', () => {
  it('a node stops forwards and backwards', () => {
    const of = (node: string) => neuron.steps.filter((step) => step.node === node).map((step) => step.index)
    expect(stops('n6')).toEqual(of('n6'))
    expect(stops('n6').length).toBe(2)
  })

  it('a line stops at the first of its steps in a row', () => {
    const line = (at: number) =>
      neuron.steps[at]?.line ?? graph.nodes.find((n) => n.id === neuron.steps[at]?.node)?.line
    const found = stops('l11')
    expect(found.length).toBeGreaterThan(1)
    for (const at of found) {
      expect(line(at)).toBe(11)
      expect(line(at - 1)).not.toBe(11)
    }
  })

  it('the nearest one is found both ways', () => {
    const [first = 0, second = 0] = stops('n6')
    expect(breakFrom(['n6'], neuron, -1, 1)).toBe(first)
    expect(breakFrom(['n6'], neuron, first, 1)).toBe(second)
    expect(breakFrom(['n6'], neuron, second, -1)).toBe(first)
    expect(breakFrom(['n6'], neuron, second, 1)).toBeNull()
    expect(breakFrom([], neuron, 0, 1)).toBeNull()
  })
})

test('in an iteration of another graph a node is the same operation, and lines stay', () => {
  const moved: Graph = { ...graph, id: 1, nodes: graph.nodes.map((n) => ({ ...n, id: `${n.id}9` })) }
  expect(inGraph(['n6', 'l12'], graph, moved)).toEqual(['n69', 'l12'])
  expect(inGraph(['n6'], graph, { ...moved, nodes: [] })).toEqual([])
})

test('after a run, lines follow the text and nodes stay while they are the same', () => {
  const head = (source: string, nodes = graph.nodes) =>
    ({ program: { source }, graphs: [{ ...graph, nodes }] }) as unknown as SnapshotHead
  const before = head('a\nb\nc')
  expect(afterRun(['l2', 'l3', 'n6'], before, head('a\nnew\nb\nC'))).toEqual(['l3', 'n6'])
  expect(afterRun(['n6'], before, head('a', []))).toEqual([])
  expect(afterRun(['n6'], null, before)).toEqual([])
})
