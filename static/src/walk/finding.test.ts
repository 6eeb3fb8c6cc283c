import { describe, expect, test } from 'vitest'
import type { Finding, Graph, SnapshotHead } from '../core/contract'
import type { Severity } from '../core/severity'
import { graphOf } from '../core/testing'
import { head } from '../page/testing'
import { at, carried, inWords, iterationOf, severitiesIn, stepOf, summary, whenItShows } from './finding'
import neuron from './fixtures/neuron.json'
import { buildTimeline } from './timeline'

const found = (extra: Partial<Finding> = {}): Finding => ({
  code: 'dead-relu',
  severity: 'warning',
  graph: 0,
  node: 'h',
  others: [],
  line: 2,
  iteration: 0,
  iterations: 1,
  why: 'It is 0.',
  todo: 'Use LeakyReLU.',
  docs: '',
  ...extra,
})
const severities = (...all: Severity[]) => all.map((severity) => found({ severity }))

test.each<[Finding[], string]>([
  [[], ''],
  [severities('error'), '1 finding: 1 error'],
  [severities('warning', 'error', 'warning', 'note'), '4 findings: 1 error, 2 warnings, 1 note'],
])('a summary counts from the worst on', (findings, text) => expect(summary(findings)).toBe(text))

test('a finding is read out with its severity, why and what to do', () => {
  expect(inWords(found())).toBe('Warning: It is 0. Use LeakyReLU.')
})

test('a node has the worst of its marks, and only in its own graph', () => {
  const findings = [...severities('note', 'error', 'warning'), found({ graph: 1, node: 'x' }), found({ node: null })]
  expect(severitiesIn(findings, 0)).toEqual(new Map([['h', 'error']]))
  expect(severitiesIn(findings, 1)).toEqual(new Map([['x', 'warning']]))
  expect(at(findings, 1, 'x')).toHaveLength(1)
  expect(at(findings, 0, 'x')).toHaveLength(0)
})

test.each<[number | null, number, number, string]>([
  [0, 1, 1, ''],
  [null, 0, 5, ''],
  [0, 5, 5, 'In every iteration'],
  [2, 1, 5, 'In iteration 3, of 5'],
  [1, 3, 5, 'In iteration 2 and in 2 more, of 5'],
  [3, 2, 5, 'In iteration 4 (evaluation, epoch 1) and in 1 more, of 5'],
])('where it shows: from %s, in %s of %s', (iteration, iterations, all, text) => {
  const turns = [{ line: 3, number: 1, variable: 'epoch', value: 1 }]
  const run = Array.from({ length: all }, (_, k) => (k === 3 ? { kind: 'evaluation' as const, turns } : {}))
  expect(whenItShows(found({ iteration, iterations }), run)).toBe(text)
})

test('the iteration to look at is the first in which it shows, else one of its graph', () => {
  const two = head('a', [3, 3])
  two.iterations[1] = { ...two.iterations[1], graph: 1 } as SnapshotHead['iterations'][number]
  expect(iterationOf(found({ iteration: 1 }), two, 0)).toBe(1)
  expect(iterationOf(found({ iteration: null }), two, 0)).toBe(null)
  expect(iterationOf(found({ iteration: null, graph: 1 }), two, 0)).toBe(1)
  expect(iterationOf(found({ iteration: null, graph: null }), two, 0)).toBe(null)
})

describe('the step of a finding', () => {
  const timeline = buildTimeline(neuron.graph as unknown as Graph, neuron.iteration as never)
  const sigmoid = neuron.graph.nodes.find(({ op }) => op === 'sigmoid')
  const finding = (extra: Partial<Finding>) => found({ graph: timeline.graph.id, node: sigmoid?.id ?? '', ...extra })
  const kindAt = (one: Finding) => timeline.steps[stepOf(one, timeline) ?? -1]?.kind

  test('is the one that goes back where the gradient is what goes wrong', () => {
    expect(kindAt(finding({ code: 'saturated-activation' }))).toBe('backward')
    expect(kindAt(finding({ code: 'first-nan' }))).toBe('operation')
  })

  test('is the first of its line without a node, or with one of another graph', () => {
    const line = sigmoid?.line ?? 0
    expect(timeline.steps[stepOf(finding({ node: null, line }), timeline) ?? -1]?.line).toBe(line)
    expect(timeline.steps[stepOf(finding({ graph: 7, line }), timeline) ?? -1]?.line).toBe(line)
    expect(stepOf(finding({ node: null, line: null }), timeline)).toBe(null)
  })
})

describe('what is carried into the next run', () => {
  const graph = (line: number): Graph => {
    const made = graphOf(
      [
        ['x', null],
        ['h:relu', null],
      ],
      [['x', 'h']],
    )
    return { ...made, nodes: made.nodes.map((node) => ({ ...node, line: node.id === 'h' ? line : 1 })) }
  }
  const run = (id: string, source: string, line: number) =>
    head(id, [2], { program: { source, seed: 0, overrides: [] }, graphs: [graph(line)] })
  const before = run('a', 'x = 1\nh = relu(x)\n', 2)

  test('keeps its node and follows its line', () => {
    const now = run('b', 'x = 1\n# why\nh = relu(x)\n', 3)
    expect(carried([found()], before, now)).toEqual([found({ line: 3 })])
  })

  test('is gone with the line that was changed', () => {
    expect(carried([found()], before, run('b', 'x = 1\nh = tanh(x)\n', 2))).toEqual([])
  })

  test('loses a node that is no longer there', () => {
    const now = { ...run('b', before.program.source, 2), graphs: [graphOf([['x', null]], [])] }
    expect(carried([found()], before, now)).toEqual([found({ node: null })])
    expect(carried([found()], before, { ...now, graphs: [] })).toEqual([found({ node: null, graph: null })])
  })

  test('is nothing without a run before, and the same for the same run', () => {
    const findings = [found()]
    expect(carried(findings, null, before)).toEqual([])
    expect(carried(findings, before, { ...before })).toBe(findings)
  })

  test('names no iteration that the run does not have', () => {
    const finding = found({ iteration: 4 })
    expect(carried([finding], before, run('b', before.program.source, 2))).toEqual([{ ...finding, iteration: null }])
  })
})
