import { describe, expect, test } from 'vitest'
import type { Tensor } from '../../core/contract'
import { graphOf } from '../../core/testing'
import { attentionOf, headsOf } from './attention'

function weights(...shape: number[]): Tensor {
  const data = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i)
  return { id: 't0', shape, dtype: 'float32', device: 'cpu', data, stats: null }
}

/** A softmax over `dim` that `next` takes as its argument `argument`. */
function softmax(next: string, argument = 'self', dim: unknown = -1) {
  const graph = graphOf(
    [
      ['s:softmax', null],
      [`p:${next}`, null],
    ],
    [['s', 'p']],
  )
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (node.id === 's' ? { ...node, arguments: { dim } } : node)),
    edges: graph.edges.map((edge) => ({ ...edge, argument })),
  }
}

const of = (graph: ReturnType<typeof softmax>, tensor = weights(2, 3, 3), key = 'output 0', source = '') =>
  attentionOf(graph, 's', key, tensor, source)

describe('weights of an attention', () => {
  test('a softmax whose result weighs values', () => {
    expect(of(softmax('matmul'))).toEqual({ rows: null, columns: null })
    expect(of(softmax('einsum', 'tensors', 2))).not.toBeNull()
    expect(of(softmax('matmul'), weights(3, 3))).not.toBeNull()
  })

  test('with dropout on the way', () => {
    const graph = graphOf(
      [
        ['s:softmax', null],
        ['d:dropout', null],
        ['p:bmm', null],
      ],
      [
        ['s', 'd'],
        ['d', 'p'],
      ],
    )
    const nodes = graph.nodes.map((node) => (node.id === 's' ? { ...node, arguments: { dim: -1 } } : node))
    const edges = graph.edges.map((edge) => ({ ...edge, argument: 'input' }))
    expect(of({ ...graph, nodes, edges })).not.toBeNull()
  })

  test('inside a fused attention', () => {
    expect(of(softmax('linear'), weights(2, 3, 3), 'weights')).not.toBeNull()
  })

  test('the words of the program stand at its rows and columns', () => {
    const source = "tokens = 'one two three four'.split()"
    const names = ['one', 'two', 'three']
    expect(of(softmax('matmul'), weights(2, 3, 3), 'output 0', source)).toEqual({ rows: names, columns: names })
  })
})

describe('no weights of an attention', () => {
  test.each([
    ['the answer of a classifier', softmax('log'), undefined],
    ['on the right of a product', softmax('matmul', 'other'), undefined],
    ['over another dimension', softmax('matmul', 'self', 0), undefined],
    ['a single row', softmax('matmul'), weights(2, 1, 3)],
    ['too many for a picture', softmax('matmul'), weights(2, 64, 64)],
  ])('%s', (_, graph, tensor) => expect(of(graph, tensor)).toBeNull())
})

test('the heads, of one sample of a batch', () => {
  expect(headsOf(weights(2, 2), [])).toEqual([
    [
      [0, 1],
      [2, 3],
    ],
  ])
  expect(headsOf(weights(2, 2, 2), []).map((head) => head[0]?.[0])).toEqual([0, 4])
  expect(headsOf(weights(3, 2, 2, 2), [1]).map((head) => head[1]?.[1])).toEqual([11, 15])
  expect(headsOf({ ...weights(2, 2), data: null }, [])).toEqual([])
})
