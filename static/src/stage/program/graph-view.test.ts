import { describe, expect, it } from 'vitest'
import { graphOf, MODULE } from '../../core/testing'
import { foldsOf } from './folds'
import { viewOf } from './graph-view'
import { openAll, openAtStart, wayTo } from './opening-folds'

const folds = foldsOf(MODULE)
const viewed = (...open: string[]) => viewOf(folds, new Set(open))

describe('a view', () => {
  it('shows closed folds as cards with what flows in and out', () => {
    const net = viewed().cards.find((card) => card.id === 'net')
    expect(net?.fold).toMatchObject({ name: 'net', type: 'M', operations: 4 })
    expect([net?.takes, net?.gives]).toEqual([[{ node: 'x', output: 0 }], [{ node: 'sigmoid', output: 0 }]])
  })

  it('shows the inside of an open fold, and its folds closed', () => {
    expect(viewed('net').cards.map((card) => [card.id, card.room])).toEqual([
      ['x', null],
      ['y', null],
      ['fc1', 'net'],
      ['relu', 'net'],
      ['fc2', 'net'],
      ['sigmoid', 'net'],
      ['loss', null],
    ])
  })

  it('shows the end of a program that is folded away with it', () => {
    const graph = graphOf(
      [
        ['x', null],
        ['a:mul', 'g'],
        ['loss:sum', 'g'],
      ],
      [
        ['x', 'a'],
        ['a', 'loss'],
      ],
      [['g', null]],
    )
    const card = viewOf(foldsOf(graph), new Set()).cards.find(({ id }) => id === 'g')
    expect(card?.gives).toEqual([{ node: 'loss', output: 0 }])
  })

  it('hides what is in a closed fold, whatever is open in it', () => {
    expect(viewed('fc1').cards.map((card) => card.id)).toEqual(['x', 'y', 'net', 'loss'])
    expect(viewed('fc1').rooms).toEqual([])
  })

  it('knows which card stands for a node and which wire for an edge', () => {
    const view = viewed('net')
    expect(view.holders.get('weight1')).toBe('fc1')
    const [e0, e3] = MODULE.edges.filter((e) => e.source === 'x' || e.source === 'linear1')
    expect(view.wireOf.get(e0?.id ?? '')).toBe(e0?.id)
    expect(view.wires.find((wire) => wire.id === view.wireOf.get(e3?.id ?? ''))).toMatchObject({
      source: 'fc1',
      target: 'relu',
    })
    expect(view.wireOf.has(MODULE.edges.find((e) => e.source === 'weight1')?.id ?? '')).toBe(false)
  })
})

describe('what is open', () => {
  it('at the start is all of a small program that can be shown', () => {
    expect([...openAtStart(folds, () => 'shown', null)]).toEqual(['net', 'fc1', 'fc2'])
  })

  it('at the start is what can be read of one that is cut otherwise', () => {
    const sizeOf = (view: ReturnType<typeof viewOf>) => (view.cards.length <= 7 ? 'read' : 'cut')
    expect([...openAtStart(folds, sizeOf, null)]).toEqual(['net'])
    expect([...openAtStart(folds, () => 'cut', null)]).toEqual([])
  })

  it('at the start is the way to the node that failed', () => {
    expect([...openAtStart(folds, () => 'cut', 'linear2')]).toEqual(['net', 'fc2'])
    expect(wayTo(folds, 'linear2')).toEqual(['net', 'fc2'])
    expect(wayTo(folds, 'x')).toEqual([])
  })

  it('can be all', () => {
    expect(openAll(folds)).toEqual({ open: new Set(['net', 'fc1', 'fc2']), all: true })
  })
})
