import { describe, expect, test } from 'vitest'
import type { Graph, Iteration } from '../../core/contract'
import neuron from '../../walk/fixtures/neuron.json'
import type { Timeline } from '../../walk/model'
import { buildTimeline } from '../../walk/timeline'
import { edgePath, occasionOf } from './occasion'

type Recorded = { graph: Graph; iteration: Iteration }
const walk = (recorded: unknown) => {
  const { graph, iteration } = recorded as Recorded
  return buildTimeline(graph, iteration)
}
const one = walk(neuron)
const idOf = ({ graph }: Timeline, name: string) => graph.nodes.find((node) => node.name === name)?.id ?? ''
const stepOf = ({ steps }: Timeline, kind: string, node: string) =>
  steps.findIndex((s) => s.kind === kind && s.node === node)

describe('what is explained', () => {
  const a = idOf(one, 'a')
  const w = idOf(one, 'w')

  test('forwards the value', () => {
    const step = stepOf(one, 'operation', a)
    expect(occasionOf(one, step - 1, a, null)).toBeNull()
    expect(occasionOf(one, step, a, null)).toMatchObject({ what: 'value', path: `nodes/${a}?output=0`, edges: [] })
  })

  test('backwards the gradient, and the ways on from an operation', () => {
    const found = occasionOf(one, stepOf(one, 'backward', a), a, null)
    expect(found).toMatchObject({ what: 'gradient', pass: 0, path: `nodes/${a}?pass=0&output=0`, fromNode: false })
    const into = one.graph.edges.filter(({ target }) => target === a).map(({ id }) => id)
    expect(found?.edges).toEqual(into)
  })

  test('at a leaf the ways on which its gradient came', () => {
    const found = occasionOf(one, one.steps.length - 1, w, null)
    expect(found).toMatchObject({ what: 'gradient', fromNode: true })
    expect(found?.edges).toEqual(one.graph.edges.filter(({ source }) => source === w).map(({ id }) => id))
  })

  test('of a leaf that was only made there is nothing to explain', () => {
    expect(occasionOf(one, stepOf(one, 'leaf', w), w, null)).toBeNull()
    expect(occasionOf(one, 0, 'n999', null)).toBeNull()
  })

  test('the element that the reader chose is asked for', () => {
    const last = one.steps.length - 1
    expect(occasionOf(one, last, a, { output: 0, index: [2, 1] })?.path).toBe(`nodes/${a}?pass=0&output=0&element=2,1`)
    expect(edgePath('e3', 1, [0])).toBe('e3?pass=1&element=0')
    expect(edgePath('e3', 0, null)).toBe('e3?pass=0')
  })

  test('an update, by its number in the iteration', () => {
    const step = { index: one.steps.length, phase: 'update', kind: 'update', node: w, edges: [], line: 1, pass: null }
    const updated = { ...one, steps: [...one.steps, step, { ...step, index: step.index + 1 }] } as Timeline
    expect(occasionOf(updated, step.index, w, null)?.path).toBe(`updates/${w}?number=0`)
    expect(occasionOf(updated, step.index + 1, w, null)).toMatchObject({
      what: 'update',
      path: `updates/${w}?number=1`,
    })
  })

  test('a gradient that was changed, with the update that uses it, else as the gradient that it was', () => {
    const step = { index: one.steps.length, phase: 'update', kind: 'change', node: w, edges: [], line: 1, pass: null }
    const update = { ...step, index: step.index + 1, kind: 'update' }
    const used = { ...one, steps: [...one.steps, step, update] } as Timeline
    expect(occasionOf(used, step.index, w, null)?.path).toBe(`updates/${w}?number=0`)
    const vain = { ...one, steps: [...one.steps, step], passes: [...one.passes, 0] } as Timeline
    expect(occasionOf(vain, step.index, w, null)).toMatchObject({ what: 'gradient', fromNode: true })
  })
})
