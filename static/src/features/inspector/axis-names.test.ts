import { expect, test } from 'vitest'
import { graphOf } from '../../core/testing'
import { axesOf, header, PLAIN } from './axis-names'

function used(...uses: [operation: string, argument: string][]) {
  const operations = uses.map(([op], i) => [`f${i}:${op}`, null] as const)
  const graph = graphOf(
    [['w', null], ...operations],
    uses.map((_, i) => ['w', `f${i}`] as const),
  )
  return { ...graph, edges: graph.edges.map((edge, i) => ({ ...edge, argument: uses[i]?.[1] ?? '' })) }
}

test('the weight and the bias of a linear operation', () => {
  expect(axesOf(used(['linear', 'weight']), 'w')).toEqual({ rows: 'out', columns: 'in' })
  expect(axesOf(used(['linear', 'weight'], ['linear', 'weight']), 'w')).toEqual({ rows: 'out', columns: 'in' })
  expect(axesOf(used(['linear', 'bias']), 'w')).toEqual({ rows: null, columns: 'out' })
})

test('what is used otherwise, or not at all, has plain indices', () => {
  expect(axesOf(used(['linear', 'input']), 'w')).toEqual(PLAIN)
  expect(axesOf(used(['matmul', 'weight']), 'w')).toEqual(PLAIN)
  expect(axesOf(used(['linear', 'weight'], ['sum', 'input']), 'w')).toEqual(PLAIN)
  expect(axesOf(used(), 'w')).toEqual(PLAIN)
})

test('a header', () => {
  expect(header('out', 3)).toBe('out 3')
  expect(header(null, 3)).toBe('3')
})
