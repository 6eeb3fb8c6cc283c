import { describe, expect, test } from 'vitest'
import { align, inOrder } from './align'
import { type Name, pairOf, recorded, words } from './testing'

/** What of each has no counterpart, and the counterparts that are called otherwise. */
function told(a: Name, b: Name) {
  const { one, other, alignment } = pairOf(a, b)
  const alone = (side: typeof one, of: ReadonlyMap<string, string>) =>
    side.graph.nodes.filter(({ id }) => !of.has(id)).map(({ id }) => words(side, id))
  const others = [...alignment.toB].filter(([from, to]) => words(one, from) !== words(other, to))
  return {
    onlyA: alone(one, alignment.toB),
    onlyB: alone(other, alignment.toA),
    otherwise: others.map(([from, to]) => `${words(one, from)}: ${words(other, to)}`),
  }
}

describe('what corresponds to what', () => {
  test('another seed: everything, each to itself', () => {
    const { one, alignment } = pairOf('base', 'seed')
    expect([...alignment.toB]).toHaveLength(one.graph.nodes.length)
    for (const [from, to] of alignment.toB) expect(to).toBe(from)
  })

  test('one layer more: the layer with its weights is only in B', () => {
    expect(told('base', 'layer')).toEqual({
      onlyA: [],
      onlyB: expect.arrayContaining(['net.4.weight', 'net.4.bias', 'linear', 'relu']),
      otherwise: [],
    })
    expect(told('base', 'layer').onlyB).toHaveLength(4)
  })

  test('one layer less is the same the other way round', () => {
    expect(told('layer', 'base').onlyA.sort()).toEqual(told('base', 'layer').onlyB.sort())
  })

  test('another activation: the one is only here, the other only there, all else corresponds', () => {
    expect(told('base', 'activation')).toEqual({ onlyA: ['relu'], onlyB: ['tanh'], otherwise: [] })
  })

  test('a variable with another name is the same variable', () => {
    expect(told('base', 'renamed')).toEqual({
      onlyA: [],
      onlyB: [],
      otherwise: expect.arrayContaining(['net.0.weight: model.0.weight', 'net.2.bias: model.2.bias']),
    })
  })

  test('a loop that turns more often: its first turns are the counterparts', () => {
    const { one, other, alignment } = pairOf('loop', 'longer')
    expect(told('loop', 'longer')).toMatchObject({ onlyA: [], onlyB: ['mul', 'tanh', 'mul', 'tanh'] })
    const tanhs = (side: typeof one) => side.graph.nodes.filter(({ op }) => op === 'tanh').map(({ id }) => id)
    expect(tanhs(one).map((id) => alignment.toB.get(id))).toEqual(tanhs(other).slice(0, 3))
  })

  test('programs that have nothing in common correspond in nothing that they do not share', () => {
    const { one, other, alignment } = pairOf('loop', 'base')
    for (const [from, to] of alignment.toB) {
      const find = (side: typeof one, id: string) => side.graph.nodes.find((node) => node.id === id)
      expect(find(one, from)?.op).toBe(find(other, to)?.op)
    }
  })

  test('large programs are matched as well', () => {
    const long = (times: number) => {
      const { graph, source } = recorded('loop')
      const rows = Array.from({ length: times }, (_, i) => graph.nodes.map((n) => ({ ...n, id: `${n.id}-${i}` })))
      return { source, graph: { ...graph, nodes: rows.flat(), edges: [] } }
    }
    const { toB } = align(long(300), long(400))
    expect(toB.size).toBe(300 * recorded('loop').graph.nodes.length)
  })
})

test('operations keep their order in both', () => {
  for (const other of ['layer', 'activation', 'renamed', 'loop'] as const) {
    const { one, other: b, alignment } = pairOf('base', other)
    const place = (id: string | undefined) => b.graph.nodes.findIndex((node) => node.id === id)
    const places = one.graph.nodes
      .filter((n) => n.op && alignment.toB.has(n.id))
      .map((n) => place(alignment.toB.get(n.id)))
    expect(places).toEqual([...places].sort((x, y) => x - y))
  }
})

test('the longest row in order', () => {
  const pairs: [number, number][] = [4, 0, 1, 9, 2, 3, 8].map((j, i) => [i, j])
  expect(inOrder(pairs).map(([, j]) => j)).toEqual([0, 1, 2, 3, 8])
  expect(inOrder([])).toEqual([])
})
