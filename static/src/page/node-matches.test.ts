import { expect, test } from 'vitest'
import type { Graph } from '../core/contract'
import neuron from '../walk/fixtures/neuron.json'
import { findNodes } from './node-matches'

const graph = (neuron as unknown as { graph: Graph }).graph
const names = (text: string) => findNodes(graph, text).map((node) => node.name ?? node.op)

test('a name comes first, then what begins with it, then what holds it', () => {
  expect(names('b')[0]).toBe('b')
  expect(names('b')).toContain('loss')
  expect(names('sig')).toEqual(['a'])
  expect(names('SIGMOID')).toEqual(['a'])
})

test('a line', () => {
  expect(names('line 11')).toEqual(['mul', 'z'])
  expect(names('12')).toEqual(['a'])
})

test('what it computes', () => expect(names('x × w')).toEqual(['mul']))

test('nothing typed shows all, nonsense shows none', () => {
  expect(names('')).toHaveLength(graph.nodes.length)
  expect(names('zzz')).toEqual([])
})
