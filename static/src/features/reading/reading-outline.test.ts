import { expect, test } from 'vitest'
import { graphOf, MODULE } from '../../core/testing'
import { outlineOf, type Part, titleOf, waysTo } from './reading-outline'

/** A part as text, with its nodes. */
function shown({ fold, children }: Part): unknown {
  const inside = children.map((child) => (typeof child === 'string' ? child : shown(child)))
  return fold === null ? inside : { [titleOf(fold)]: inside }
}

test('the groups are headings, and what is in them stands in the order of execution', () => {
  expect(shown(outlineOf(MODULE).whole)).toEqual([
    'x',
    'y',
    {
      'net, M, 4 operations': [
        { 'fc1, M, 1 operation': ['weight1', 'bias1', 'linear1'] },
        'relu',
        { 'fc2, M, 1 operation': ['weight2', 'bias2', 'linear2'] },
        'sigmoid',
      ],
    },
    'loss',
  ])
})

test('a group begins with its first operation, though what it takes is older', () => {
  const graph = graphOf(
    [
      ['w', 'late'],
      ['x', null],
      ['first:exp', null],
      ['second:mul', 'late'],
    ],
    [
      ['x', 'first'],
      ['first', 'second'],
      ['w', 'second'],
    ],
    [['late', null]],
  )
  expect(shown(outlineOf(graph).whole)).toEqual(['x', 'first', { 'late, M, 1 operation': ['w', 'second'] }])
})

test('the way to a node leads through its groups', () => {
  const outline = outlineOf(MODULE)
  expect(waysTo(outline, 'linear2')).toEqual(['net', 'fc2'])
  expect(waysTo(outline, 'loss')).toEqual([])
})

/** A program of ten thousand operations in a row. */
function long() {
  const names = Array.from({ length: 10_000 }, (_, i) => `a${i}`)
  return graphOf(
    names.map((name, i) => [i === 0 ? name : `${name}:op${i % 7}`, null] as const),
    names.slice(1).map((name, i) => [names[i] as string, name] as const),
  )
}

test('of ten thousand nodes each is there once, and no group shows many at once', () => {
  const { whole } = outlineOf(long())
  const found: string[] = []
  let most = 0
  const walk = ({ children }: Part) => {
    most = Math.max(most, children.length)
    for (const child of children) typeof child === 'string' ? found.push(child) : walk(child)
  }
  walk(whole)
  expect(new Set(found).size).toBe(10_000)
  expect(found.length).toBe(10_000)
  expect(most).toBeLessThanOrEqual(100)
})
