import { expect, test } from 'vitest'
import type { Graph } from '../../core/contract'
import { graphOf } from '../../core/testing'
import neuron from '../../walk/fixtures/neuron.json'
import { sizesOf } from './card-facts'
import { foldsOf } from './folds'
import { viewOf } from './graph-view'
import { layout } from './layout'
import { type Ground, leadsTo, WAYS, type Way } from './neighbours'
import { openAll } from './opening-folds'
import type { CardSize } from './satellites'

function groundOf(graph: Graph, loss: string | null = null, open: ReadonlySet<string> | null = null): Ground {
  const folds = foldsOf(graph)
  const view = viewOf(folds, open ?? openAll(folds).open)
  const sizes = sizesOf(view, null)
  return { view, layout: layout(view, (card) => sizes.get(card) as CardSize), loss }
}

const ways = [...new Set(Object.values(WAYS))]

/** Everything that the keys lead to from a place. */
function reached(ground: Ground, from: string): Set<string> {
  const found = new Set([from])
  for (const at of found)
    for (const way of ways) {
      const next = leadsTo(ground, at, way)
      if (next !== null) found.add(next)
    }
  return found
}

const fixture = (neuron as unknown as { graph: Graph }).graph
const block = graphOf(
  [
    ['x', null],
    ['w', 'a'],
    ['h:mul', 'a'],
    ['v', 'b'],
    ['k:add', 'b'],
    ['loss:sum', null],
  ],
  [
    ['x', 'h'],
    ['w', 'h'],
    ['h', 'k'],
    ['v', 'k'],
    ['k', 'loss'],
    ['x', 'loss'],
  ],
  [
    ['net', null],
    ['a', 'net'],
    ['b', 'net'],
  ],
)

test.each<[Way, string, string | null]>([
  ['forth', 'n0', 'n4'],
  ['forth', 'n4', 'n5'],
  ['back', 'n6', 'n5'],
  ['forth', 'n7', null],
  ['back', 'n0', null],
  ['first', 'n6', 'n0'],
  ['last', 'n0', 'n7'],
])('in the neuron, %s from %s leads to %s', (way, from, to) => {
  expect(leadsTo(groundOf(fixture, 'n7'), from, way)).toBe(to)
})

test('up and down go to what flows into the same, and back again', () => {
  const ground = groundOf(fixture)
  const down = leadsTo(ground, 'n0', 'down')
  expect(down).toBe('n2')
  expect(leadsTo(ground, 'n2', 'up')).toBe('n0')
})

test('a room is stopped at by its title, and → leads into it', () => {
  const ground = groundOf(block)
  expect(leadsTo(ground, 'a', 'forth')).toMatch(/^[wh]$/)
  expect(leadsTo(ground, 'a', 'back')).toBe('net')
  expect(leadsTo(ground, 'net', 'back')).toBeNull()
})

test('a closed group is one card', () => {
  const ground = groundOf(block, 'loss', new Set())
  expect(leadsTo(ground, 'x', 'forth')).toMatch(/^(net|loss)$/)
  expect(leadsTo(ground, 'net', 'forth')).toBe('loss')
})

test.each([
  ['the neuron', groundOf(fixture, 'n7')],
  ['a network in groups', groundOf(block, 'loss')],
  ['one with closed groups', groundOf(block, 'loss', new Set(['net']))],
  [
    'two that have nothing to do with each other',
    groundOf(
      graphOf(
        [
          ['a', null],
          ['b:f', null],
          ['c', null],
          ['d:f', null],
        ],
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
      ),
    ),
  ],
])('everything in %s can be reached from everywhere', (_, ground) => {
  const all = [...ground.view.cards, ...ground.view.rooms].map(({ id }) => id).sort()
  for (const from of all) expect([...reached(ground, from)].sort()).toEqual(all)
})

test('nothing leads anywhere in an empty graph', () => {
  const ground = groundOf(graphOf([], []))
  for (const way of ways) expect(leadsTo(ground, 'x', way)).toBeNull()
})
