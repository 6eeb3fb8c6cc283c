import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Graph, Iteration, Observations, Tensor } from '../core/contract'
import { buildTimeline } from '../walk/timeline'
import { numbersOf, parameterRows, stepRows } from './handout-tables'

const { graph, iteration, observations } = JSON.parse(
  readFileSync(new URL('../golden/recordings/neuron.json', import.meta.url), 'utf8'),
) as { graph: Graph; iteration: Iteration; observations: Observations }
const tensor = (data: Tensor['data'], more: Partial<Tensor> = {}) =>
  ({ shape: [data?.length ?? 9], data, ...more }) as Tensor

test('every step is a row, its number and phase in columns of their own', () => {
  const rows = stepRows(buildTimeline(graph, iteration, observations), 100)
  expect(rows.map(({ number }) => number)).toEqual(iteration.steps.map((_, index) => index + 1))
  expect(rows[0]?.sentence).toMatch(/^The program gives x = 1\.1/)
  for (const { sentence, phase } of rows) expect([sentence.startsWith('Step'), phase.length > 0]).toEqual([false, true])
  expect(stepRows(buildTimeline(graph, iteration), 3)).toHaveLength(3)
})

test('every parameter is a row with its gradient', () => {
  expect(parameterRows(graph, iteration)).toEqual([
    { name: 'w', shape: '1', value: '2.2', gradient: '−0.0898', after: null },
    { name: 'b', shape: '1', value: '0', gradient: '−0.0817', after: null },
  ])
})

test('an update shows what was before and what is after it', () => {
  const before = tensor([1, 2])
  const after = tensor([0.5, 2.5])
  const updated = { ...iteration, updates: [{ node: 'n0', before, after, gradient: tensor([5, -5]) }] } as Iteration
  const [row] = parameterRows(
    { ...graph, nodes: [{ ...graph.nodes[0], id: 'n0', kind: 'input', name: 'x' }] } as Graph,
    updated,
  )
  expect(row).toEqual({ name: 'x', shape: '2', value: '[1, 2]', gradient: '[5, −5]', after: '[0.5, 2.5]' })
})

test.each([
  [null, null],
  [tensor([0.5]), '0.5'],
  [tensor([3, 4, 0, 0, 0, 0, 0]), '‖·‖ = 5'],
  [tensor(null, { stats: { norm: 2 } as Tensor['stats'] }), '‖·‖ = 2'],
  [tensor(null, { stats: null }), 'not kept'],
])('%j in few letters is %s', (one, text) => expect(numbersOf(one)).toBe(text))
