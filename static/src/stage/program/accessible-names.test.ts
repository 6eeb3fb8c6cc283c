import { expect, test } from 'vitest'
import type { Graph, Iteration, Node } from '../../core/contract'
import { graphOf } from '../../core/testing'
import neuron from '../../walk/fixtures/neuron.json'
import { spokenNode, wordsFor } from './accessible-names'

const { graph, iteration } = neuron as unknown as { graph: Graph; iteration: Iteration }
const node = (id: string) => graph.nodes.find((one) => one.id === id) as Node
const said = (id: string) => {
  const gradient = iteration.backward[0]?.gradients[id]?.[0] ?? undefined
  return spokenNode(graph, node(id), iteration.values[id]?.[0], gradient)
}

test('a card says what it is, what it holds, where it comes from and where it stands', () => {
  expect(said('n5')).toBe('addition, z, value 2.42, gradient −0.0817, inputs x × w and b, line 11')
  expect(said('n2')).toMatch(/^parameter, w, value 2.2, gradient −0.0898, line \d+$/)
})

test('before there are numbers it says none', () => {
  expect(spokenNode(graph, node('n6'), undefined, undefined)).toBe('sigmoid, a, input z, line 12')
})

test('many inputs are counted, and what fails says so', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const wide = graphOf(
    [...names.map((name) => [name, null] as const), ['s:cat', null]],
    names.map((name) => [name, 's'] as const),
  )
  const last = { ...(wide.nodes.at(-1) as Node), name: null, failed: true }
  expect(spokenNode(wide, last, undefined, undefined)).toBe('cat, fails here, 5 inputs, line 1')
})

test.each([
  ['mul', 'multiplication'],
  ['add_', 'addition in place'],
  ['binary_cross_entropy', 'binary cross entropy'],
  ['__getitem__', 'indexing'],
  ['gt', 'greater than'],
  [null, 'operation'],
])('%s is said as %s', (op, words) => expect(wordsFor({ op, kind: 'operation' })).toBe(words))
