import { describe, expect, test } from 'vitest'
import type { Graph, Iteration } from '../core/contract'
import neuron from '../walk/fixtures/neuron.json'
import { DamagedAnswer, NewerSnapshot } from './errors'
import { remarkOn, soundHead, soundIteration } from './sound'

type Thing = Record<string, unknown>

const { graph, iteration } = neuron as unknown as { graph: Graph; iteration: Iteration }
const head = () =>
  structuredClone({
    schema_version: 1,
    id: 's',
    program: { source: 'import torch' },
    outcome: { status: 'completed', error: null },
    truncated: null,
    console: [{ stream: 'stdout', text: 'hello', line: 1 }],
    graphs: [graph],
    iterations: [{ index: 0, graph: graph.id, loss: 0, steps: iteration.steps.length }],
  }) as unknown as { graphs: Graph[] } & Thing
const body = () => structuredClone(iteration) as unknown as Iteration & Thing

test('what was recorded is sound', () => {
  const sound = soundHead(head())
  expect(sound).toEqual(head())
  expect(remarkOn(sound)).toBeNull()
  expect(soundIteration(body(), 0, sound.graphs)).toEqual(iteration)
})

describe('a damaged snapshot keeps its program and says what is wrong', () => {
  const damage: [string, (one: ReturnType<typeof head>) => unknown, string][] = [
    [
      'an edge to nowhere',
      (one) => Object.assign(one.graphs[0]?.edges[1] ?? {}, { target: 'n99' }),
      'unknown target “n99”',
    ],
    [
      'an edge from nowhere',
      (one) => Object.assign(one.graphs[0]?.edges[1] ?? {}, { source: 7 }),
      'unknown source “7”',
    ],
    ['no edges', (one) => Reflect.deleteProperty(one.graphs[0] ?? {}, 'edges'), 'no list of edges'],
    ['a node twice', (one) => one.graphs[0]?.nodes.push(graph.nodes[0] as Graph['nodes'][0]), 'is there twice'],
    ['no graphs', (one) => Reflect.deleteProperty(one, 'graphs'), 'no list of graphs'],
    ['an iteration of no graph', (one) => one.graphs.pop(), 'unknown graph'],
    ['a circle', (one) => turnRound(one.graphs[0] as Graph), 'circle'],
    [
      'a group in itself',
      (one) => one.graphs[0]?.groups.push({ id: 'g9', parent: 'g9', kind: 'module', name: '', type: '' }),
      'inside itself',
    ],
  ]
  test.each(damage)('%s', (_, change, fault) => {
    const one = head()
    change(one)
    const sound = soundHead(one)
    expect(sound).toMatchObject({ graphs: [], iterations: [], program: { source: 'import torch' } })
    expect(sound.console).toHaveLength(1)
    expect(remarkOn(sound)).toContain(fault)
  })
})

test.each([null, 7, 'text', [], {}, { program: {} }, { program: { source: 1 } }])('%j is no snapshot', (one) => {
  expect(() => soundHead(one)).toThrow(DamagedAnswer)
})

test('a newer snapshot is shown as far as it is understood', () => {
  const newer = { ...head(), schema_version: 2, more: [1] }
  expect(remarkOn(soundHead(newer))).toMatch(/newer Gradwalk \(schema 2; this page reads 1\).*is shown/)
  const other = soundHead({ ...newer, graphs: { g0: {} } })
  expect(other.graphs).toEqual([])
  expect(remarkOn(other)).toMatch(/newer Gradwalk.*cannot be drawn/)
  expect(() => soundHead({ schema_version: 3, text: 'all is new' })).toThrow(NewerSnapshot)
})

test('what is missing beside the picture does no harm', () => {
  const sound = soundHead({ ...head(), console: null, outcome: 'well', truncated: 3 })
  expect(sound).toMatchObject({ console: [], outcome: { status: 'completed', error: null }, truncated: null })
  expect(remarkOn(sound)).toBeNull()
})

describe('a damaged iteration', () => {
  const first = iteration.steps[0]
  test.each<[string, Thing, string]>([
    ['of another number', { index: 3 }, 'iteration “3”'],
    ['of another graph', { graph: 9 }, 'unknown graph “9”'],
    ['without steps', { steps: null }, 'no list of steps'],
    ['with a step out of place', { steps: [{ ...first, index: 5 }] }, 'step 1 is out of place'],
    ['with a step of no node', { steps: [{ ...first, node: 'n99' }] }, 'step 1: unknown node “n99”'],
    ['with a step along no edge', { steps: [{ ...first, edges: ['e99'] }] }, 'step 1: unknown edge'],
    ['with a step of no pass', { steps: [{ ...first, pass: 4 }] }, 'unknown pass “4”'],
    ['with a step of no kind', { steps: [{ ...first, kind: 'dance' }] }, 'unknown kind “dance”'],
    ['with a value of no node', { values: { n99: [] } }, 'unknown node “n99”'],
    ['with half a tensor', { values: { n0: [{ shape: [3], dtype: 'float32', data: [1, 2] }] } }, 'other numbers'],
    ['without a shape', { values: { n0: [{ shape: [-1], dtype: 'float32', data: null }] } }, 'has no shape'],
    ['with half a backward pass', { backward: [{ root: {}, roots: [] }] }, 'without gradients'],
    ['with half an update', { updates: [{ node: 'n0' }] }, 'update of n0 is no tensor'],
  ])('%s', (_, change, fault) => {
    expect(() => soundIteration({ ...body(), ...change }, 0, [graph])).toThrow(fault)
  })

  test('is looked at by itself where its snapshot is not known', () => {
    expect(soundIteration(body(), 0, null)).toEqual(iteration)
    expect(() => soundIteration('cut off', 0, null)).toThrow(DamagedAnswer)
  })
})

function turnRound({ edges }: Graph): void {
  const [first] = edges
  if (first) edges.push({ ...first, id: 'back', source: first.target, target: first.source })
}
