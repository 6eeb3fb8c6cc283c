import { describe, expect, it } from 'vitest'
import { type Recorded, recorded } from '../../core/testing'
import { factsOf, shorten, whereaboutsIn } from './card-facts'
import recurrent from './fixtures/recurrent.json'
import residual from './fixtures/residual.json'
import { type Fold, foldsOf } from './folds'
import { viewOf } from './graph-view'

const folded = (graph: unknown) => foldsOf(recorded(graph as Recorded))

describe('a closed fold', () => {
  const folds = folded(residual)
  const net = viewOf(folds, new Set()).cards.find((card) => card.fold !== null)

  it('says its name, its type and how much is in it', () => {
    expect(net && factsOf(net, new Map(), null)).toEqual(['net', 'Net', '98 operations'])
  })

  it('says where in it a node is: in the outermost part that has a name', () => {
    const weight = folds.graph.nodes.find((node) => node.name === 'net.blocks.12.fc2.weight')
    expect(whereaboutsIn(net?.fold as Fold, folds, weight?.id ?? '')).toBe('at blocks.12')
    const steps = folded(recurrent)
    const loop = [...steps.folds.values()].find((fold) => fold.kind === 'repeat') as Fold
    const last = steps.graph.nodes.filter((node) => node.op === 'tanh').at(-1)
    expect(whereaboutsIn(loop, steps, last?.id ?? '')).toBe('at 50 of 50')
  })
})

describe('a name', () => {
  it.each([
    ['Block', 'Block'],
    ['MultiheadAttention', 'MultiheadAtte…'],
    ['TransformerEncoderLayer × 12', 'Transfor… × 12'],
  ])('%s is cut to %s', (name, cut) => expect(shorten(name)).toBe(cut))
})
