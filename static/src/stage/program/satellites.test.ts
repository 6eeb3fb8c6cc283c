import { describe, expect, it } from 'vitest'
import type { Graph } from '../../core/contract'
import { graphOf, MODULE } from '../../core/testing'
import { foldsOf } from './folds'
import { viewOf } from './graph-view'
import { entering, satellitesOf, towerOf } from './satellites'

const viewed = (graph: Graph) => viewOf(foldsOf(graph), new Set(graph.groups.map((g) => g.id)))
const satellites = (graph: Graph) => satellitesOf(viewed(graph))

const told = (graph: Graph) =>
  [...satellites(graph)].map(([op, row]) => `${op}: ${row.map((s) => `${s.leaf} ${s.side} ${s.level}`).join(', ')}`)

const size = (id: string) => ({ width: id.length * 10, card: 40, above: 20, below: 20 })

describe('satellites', () => {
  it('are the parameters of each layer, and what would stand under a room', () => {
    expect(told(MODULE)).toEqual([
      'loss: y below 0',
      'linear1: weight1 above 0, bias1 below 0',
      'linear2: weight2 above 0, bias2 below 0',
    ])
  })

  it('alternate and go outwards', () => {
    const names = ['weight', 'bias', 'mean', 'var', 'count']
    const nodes = names.map((name) => [name, 'bn'] as const)
    const graph = graphOf(
      [...nodes, ['norm:batch_norm', 'bn']],
      names.map((n) => [n, 'norm'] as const),
      [['bn', null]],
    )
    expect(told(graph)).toEqual(['norm: weight above 0, bias below 0, mean above 1, var below 1, count above 2'])
  })

  it('are not the leaves outside of groups', () => {
    const graph = graphOf(
      [
        ['w', null],
        ['x', null],
        ['mul:mul', null],
      ],
      [
        ['w', 'mul'],
        ['x', 'mul'],
      ],
    )
    expect(told(graph)).toEqual([])
  })

  it('are not the leaves that two operations of the group take, or one operation twice', () => {
    const nodes = [
      ['w', 'g'],
      ['a:mul', 'g'],
      ['b:add', 'g'],
    ] as const
    expect(
      told(
        graphOf(
          nodes,
          [
            ['w', 'a'],
            ['w', 'b'],
          ],
          [['g', null]],
        ),
      ),
    ).toEqual([])
    expect(
      told(
        graphOf(
          nodes,
          [
            ['w', 'a'],
            ['w', 'a'],
          ],
          [['g', null]],
        ),
      ),
    ).toEqual([])
  })

  it('may be taken once more outside of the group: shared weights', () => {
    const nodes = [
      ['w', 'g'],
      ['a:embedding', 'g'],
      ['b:linear', null],
    ] as const
    expect(
      told(
        graphOf(
          nodes,
          [
            ['w', 'a'],
            ['w', 'b'],
          ],
          [['g', null]],
        ),
      ),
    ).toEqual(['a: w above 0'])
  })
})

describe('a tower', () => {
  const row = satellites(MODULE).get('linear1') ?? []
  const tower = towerOf('linear1', row, size)

  it('stands around one axis, first above, then below, with a channel at the left', () => {
    expect(tower).toEqual({
      width: 82,
      height: 3 * 80 + 2 * 14,
      cards: new Map([
        ['weight1', { x: 12, y: 20 }],
        ['linear1', { x: 12, y: 114 }],
        ['bias1', { x: 22, y: 208 }],
      ]),
      channels: new Map([
        ['weight1', 2],
        ['bias1', 2],
      ]),
    })
  })

  it('of one operation is its card with the numbers', () => {
    expect(towerOf('relu', [], size)).toMatchObject({ width: 40, height: 80 })
  })

  it('takes its edges in an order in which none crosses another', () => {
    const edges = viewed(MODULE).wires.filter((e) => e.target === 'linear1')
    expect(entering(edges, row).map((e) => e.source)).toEqual(['weight1', 'x', 'bias1'])
  })
})
