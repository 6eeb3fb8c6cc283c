import { describe, expect, it } from 'vitest'
import type { Graph, Iteration, Tensor } from '../../core/contract'
import neuron from '../../walk/fixtures/neuron.json'
import { buildTimeline, frameAt } from '../../walk/timeline'
import { foldsOf } from './folds'
import { viewOf } from './graph-view'
import { seenIn } from './seen-frame'

/** The neuron with its product and sum in a group. */
const graph = structuredClone(neuron.graph) as unknown as Graph
graph.groups = [{ id: 'g0', parent: null, kind: 'module', name: 'layer', type: 'Neuron' }]
for (const node of graph.nodes) if (node.op === 'mul' || node.op === 'add') node.group = 'g0'
const iteration = neuron.iteration as unknown as Iteration
const timeline = buildTimeline(graph, iteration)
const id = (op: string) => graph.nodes.find((node) => node.op === op)?.id ?? ''
const step = (kind: string, op: string) => iteration.steps.findIndex((s) => s.kind === kind && s.node === id(op))
const closed = viewOf(foldsOf(graph), new Set())
const at = (index: number, progress = 1) => seenIn(closed, frameAt(timeline, index, progress))
const number = (tensor: Tensor | undefined) => tensor?.data?.[0]

describe('a closed fold', () => {
  it('is active when a node in it is', () => {
    expect(at(step('operation', 'mul')).active).toBe('g0')
    expect(at(step('operation', 'mul')).node).toBe(id('mul'))
    expect(at(step('operation', 'sigmoid')).active).toBe(id('sigmoid'))
  })

  it('has the value and the gradient of the only tensor that comes out', () => {
    const last = at(iteration.steps.length - 1)
    expect(number(last.values.get('g0')?.[0])).toBe(iteration.values[id('add')]?.[0]?.data?.[0])
    expect(number(last.gradients.get('g0'))).toBe(iteration.backward[0]?.gradients[id('add')]?.[0]?.data?.[0])
    expect(at(step('operation', 'mul')).values.has('g0')).toBe(false)
  })

  it('lets travel what crosses its walls, and nothing inside', () => {
    const crossing = at(step('operation', 'sigmoid'), 0.3)
    expect(crossing.travels).toMatchObject([{ direction: 'forward', count: 1 }])
    expect(closed.wires.some((wire) => wire.id === crossing.travels[0]?.edge)).toBe(true)
    const inner = at(step('operation', 'add'), 0.3)
    const edges = graph.edges.filter((e) => e.target === id('add'))
    expect(inner.travels.length).toBe(edges.length - 1)
  })

  it('is where gradients come back to: their wire stays marked', () => {
    const back = at(step('backward', 'sigmoid'))
    expect(back.travels).toMatchObject([{ direction: 'backward' }])
    expect([...back.carried]).toContain(back.travels[0]?.edge)
  })

  it('keeps to itself what adds up inside: the numbers of its card are of another node', () => {
    const frame = { ...frameAt(timeline, 0, 1), sum: { node: id('mul'), text: '1 + 2 = 3' } }
    expect(seenIn(closed, frame).sum).toBe(null)
    expect(seenIn(viewOf(foldsOf(graph), new Set(['g0'])), frame).sum).toEqual(frame.sum)
  })
})
