import { describe, expect, test } from 'vitest'
import type { Graph, Iteration } from '../../core/contract'
import fanOut from '../../walk/fixtures/fan-out.json'
import neuron from '../../walk/fixtures/neuron.json'
import { scalar } from '../../walk/lookup'
import { buildTimeline } from '../../walk/timeline'
import { factsOf, gradientName } from './node-facts'

type Recorded = { graph: Graph; iteration: Iteration }
const timelineOf = ({ graph, iteration }: Recorded) => buildTimeline(graph, iteration)
const timeline = timelineOf(neuron as unknown as Recorded)
const stepOf = (kind: string, node: string) => timeline.steps.findIndex((s) => s.kind === kind && s.node === node)
const idOf = (name: string) => timeline.graph.nodes.find((node) => node.name === name)?.id ?? ''
const facts = (step: number, name: string) => {
  const found = factsOf(timeline, step, idOf(name), 'first line\n    second line  ')
  if (!found) throw new Error(`no node ${name}`)
  return found
}
const last = timeline.steps.length - 1

describe('the neuron', () => {
  test('a value is not told before its step', () => {
    const step = stepOf('operation', idOf('a'))
    expect(facts(step - 1, 'a')).toMatchObject({ values: null, valueStep: step, gradient: null })
    expect(scalar(facts(step, 'a').values?.[0])).toBeCloseTo(0.91834, 5)
  })

  test('a gradient is told when it has arrived, and goes on at its own step', () => {
    const step = stepOf('backward', idOf('a'))
    expect(scalar(facts(step - 1, 'a').gradient)).toBeCloseTo(-1.08892, 5)
    expect(facts(step - 1, 'a').passings).toEqual([])
    const [passing, ...others] = facts(step, 'a').passings
    expect(others).toEqual([])
    expect(passing).toMatchObject({ to: idOf('z'), label: 'z' })
    expect(passing?.local).toBeCloseTo(0.91834 * (1 - 0.91834), 5)
    expect(scalar(passing?.contribution)).toBeCloseTo(-0.08166, 5)
  })

  test('a leaf has what accumulated', () => {
    expect(facts(last - 6, 'w').accumulated).toBeNull()
    expect(scalar(facts(last, 'w').accumulated)).toBeCloseTo(-0.08983, 5)
  })

  test('what needs no gradient has none', () => {
    expect(facts(last, 'x')).toMatchObject({ gradient: null, gradientStep: null, accumulated: null, passings: [] })
  })

  test('a node that is not there', () => expect(factsOf(timeline, 0, 'n999', '')).toBeNull())
})

test('where a tensor is used several times, contributions arrive one by one and add up', () => {
  const fan = timelineOf(fanOut as unknown as Recorded)
  const a = fan.graph.nodes.find((node) => node.name === 'a')?.id ?? ''
  const uses = fan.graph.edges.filter((edge) => edge.source === a).length
  const counts = fan.steps.map((_, step) => factsOf(fan, step, a, '')?.contributions.length ?? 0)
  expect(counts.at(-1)).toBe(uses)
  expect(counts.some((count) => count > 0 && count < uses)).toBe(true)
  const end = factsOf(fan, fan.steps.length - 1, a, '')
  const sum = end?.contributions.reduce((total, { tensor }) => total + (scalar(tensor) ?? Number.NaN), 0)
  expect(sum).toBe(scalar(end?.gradient))
})

test('gradients are named as on a blackboard', () => {
  expect(gradientName('z')).toBe('∂L/∂z')
  expect(gradientName('x × w')).toBe('∂L/∂(x × w)')
})
