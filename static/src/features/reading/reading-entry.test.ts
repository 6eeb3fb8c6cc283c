import { expect, test } from 'vitest'
import type { Graph, Iteration, Observations } from '../../core/contract'
import training from '../../golden/recordings/training-loop.json'
import neuron from '../../walk/fixtures/neuron.json'
import type { Timeline } from '../../walk/model'
import { withObservations } from '../../walk/testing'
import { buildTimeline, frameAt } from '../../walk/timeline'
import { type Entry, entryOf } from './reading-entry'

const timelineOf = (one: unknown) => {
  const { graph, iteration } = one as { graph: Graph; iteration: Iteration }
  return buildTimeline(graph, iteration)
}
const NEURON = timelineOf(neuron)
const TRAINING = timelineOf(training)
const at = (timeline: Timeline, step: number, id: string) => entryOf(timeline, frameAt(timeline, step, 1), id) as Entry
const idOf = (timeline: Timeline, name: string) => timeline.graph.nodes.find((one) => one.name === name)?.id ?? ''

test('an entry says what a node is, where it stands and what it takes', () => {
  const entry = at(NEURON, 0, idOf(NEURON, 'z'))
  expect(entry).toMatchObject({ operation: 'addition', label: 'z', line: 11, fails: false, here: false })
  expect(entry.takes.map(({ label }) => label)).toEqual(['x × w', 'b'])
  expect(entry.takes.every(({ id }) => NEURON.nodes.has(id))).toBe(true)
})

test('what is yet to come names its step, and there it is', () => {
  const z = idOf(NEURON, 'z')
  const before = at(NEURON, 0, z)
  expect(before.value.text).toMatch(/^Its value comes in step \d+\.$/)
  expect(before.gradient.text).toMatch(/^Its gradient comes in step \d+\.$/)
  expect(before.steps).toEqual({ value: before.value.step, gradient: before.gradient.step })
  expect(at(NEURON, before.value.step ?? -1, z).value).toEqual({ text: 'Value 2.42.', step: null })
  expect(at(NEURON, (before.gradient.step ?? 0) - 1, z).gradient).toEqual(before.gradient)
  expect(at(NEURON, before.gradient.step ?? -1, z).gradient).toEqual({ text: 'Gradient −0.0817.', step: null })
})

test('the node of the step is marked, and only that one', () => {
  NEURON.steps.forEach((step, index) => {
    const here = NEURON.graph.nodes.filter(({ id }) => at(NEURON, index, id).here)
    expect(here.map(({ id }) => id)).toEqual([step.node])
  })
})

test('where no gradient comes, it says why as soon as the server has said so', () => {
  const node = idOf(NEURON, 'x')
  expect(at(NEURON, 0, node).gradient).toEqual({ text: 'No gradient was recorded.', step: null })
  const sentence = 'No gradient reaches x: it does not require one, so backward leaves it out.'
  const no_gradient: Observations['no_gradient'] = [{ node, pass: 0, reason: 'not-required', sentence }]
  expect(at(withObservations(NEURON, { no_gradient }), 0, node).gradient).toEqual({ text: sentence, step: null })
})

test('a leaf keeps its gradient', () => {
  const w = idOf(NEURON, 'w')
  expect(at(NEURON, 0, w).kept).toBeNull()
  expect(at(NEURON, NEURON.steps.length - 1, w).kept).toBe('−0.0898')
})

test('what the optimizer changes says when, and afterwards that it did', () => {
  const update = TRAINING.steps.find(({ kind }) => kind === 'update')
  const [node, step] = [update?.node ?? '', update?.index ?? -1]
  expect(at(TRAINING, 0, node).update).toEqual({ text: `Its update comes in step ${step + 1}.`, step })
  const after = at(TRAINING, step, node)
  expect(after.update?.text).toBe(`That is its value after the update in step ${step + 1}.`)
  expect(after.value.text).not.toBe(at(TRAINING, step - 1, node).value.text)
})

test('a node that is none has no entry', () => {
  expect(entryOf(NEURON, frameAt(NEURON, 0, 1), 'nothing')).toBeNull()
})
