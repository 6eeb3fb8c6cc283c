import { describe, expect, test } from 'vitest'
import { foldsOf } from '../../stage/program/folds'
import { viewOf } from '../../stage/program/graph-view'
import { layout } from '../../stage/program/layout'
import { faultsOf, someSize } from '../../stage/program/testing'
import { type Name, pairOf } from './testing'
import { interleave } from './union-graph'

const PAIRS: [Name, Name][] = [
  ['base', 'seed'],
  ['base', 'layer'],
  ['layer', 'base'],
  ['base', 'activation'],
  ['base', 'renamed'],
  ['loop', 'longer'],
  ['loop', 'base'],
  ['training', 'adam'],
]

describe.each(PAIRS)('%s and %s in one graph', (a, b) => {
  const { one, other, alignment, union } = pairOf(a, b)

  test('everything of both is there once', () => {
    const ids = union.graph.nodes.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toHaveLength(one.graph.nodes.length + other.graph.nodes.length - alignment.toB.size)
    for (const node of one.graph.nodes) expect(ids).toContain(node.id)
    for (const node of other.graph.nodes) expect(ids).toContain(union.nodes.get(node.id))
    expect(union.edges.size).toBe(other.graph.edges.length)
  })

  test('every edge leads from what came before to what came later', () => {
    const place = new Map(union.graph.nodes.map(({ id }, index) => [id, index]))
    for (const { source, target } of union.graph.edges)
      expect(place.get(source)).toBeLessThan(place.get(target) as number)
  })

  test('edges and groups lead nowhere but to what is there', () => {
    const groups = new Set(union.graph.groups.map(({ id }) => id))
    for (const { group } of union.graph.nodes) if (group !== null) expect(groups).toContain(group)
    for (const { parent } of union.graph.groups) if (parent !== null) expect(groups).toContain(parent)
  })

  test('what only one has, only one has', () => {
    const mine = new Set(one.graph.nodes.map(({ id }) => id))
    for (const { id } of union.graph.nodes) {
      expect(union.only.b.has(id)).toBe(!mine.has(id))
      expect(union.own.a.has(id)).toBe(mine.has(id))
    }
  })

  test('it is drawn without faults', () => {
    const folds = foldsOf(union.graph)
    const view = viewOf(folds, new Set(folds.folds.keys()))
    expect(faultsOf(view, layout(view, someSize), someSize)).toEqual([])
  })
})

test('a layer of its own stands in the room of its neighbours', () => {
  const { union } = pairOf('base', 'layer')
  const added = union.graph.nodes.filter(({ id }) => union.only.b.has(id))
  const group = (id: string | null) => union.graph.groups.find((one) => one.id === id)
  const relu = added.find(({ op }) => op === 'relu')
  expect(group(group(relu?.group ?? null)?.parent ?? null)?.name).toBe('net')
})

test('rows interleave, each in its order', () => {
  expect(interleave(['a', 'b', 'c'], ['a', 'x', 'c', 'y'])).toEqual(['a', 'b', 'x', 'c', 'y'])
  expect(interleave([], ['x'])).toEqual(['x'])
  expect(interleave(['a', 'b'], ['b', 'a'])).toEqual(['a', 'b'])
})
