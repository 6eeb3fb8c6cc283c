import { describe, expect, it, test } from 'vitest'
import type { Graph, Iteration } from '../core/contract'
import { graphOf } from '../core/testing'
import fan from './fixtures/fan-out.json'
import { gradientFrom, whyNone } from './gradient-steps'
import { passFrom, single, timelineOf } from './testing'
import { buildTimeline } from './timeline'

const fanOut = buildTimeline(fan.graph as unknown as Graph, fan.iteration as unknown as Iteration)

test('every contribution that arrives is one, and so is the gradient that is complete', () => {
  const node =
    [...(fanOut.arrivals[0] ?? [])].find(([, row]) => new Set(row.map((one) => one.step)).size > 1)?.[0] ?? ''
  const found: number[] = []
  for (let at = gradientFrom(fanOut, node, -1, 1); at !== null; at = gradientFrom(fanOut, node, at, 1)) found.push(at)
  const arrivals = new Set(fanOut.arrivals[0]?.get(node)?.map((one) => one.step))
  expect(arrivals.size).toBeGreaterThan(1)
  expect(found).toEqual([...arrivals, fanOut.steps.findLastIndex((step) => step.node === node)])
  expect(gradientFrom(fanOut, node, fanOut.steps.length, -1)).toBe(found.at(-1))
  expect(whyNone(fanOut, node)).toBeNull()
})

describe('why there is none', () => {
  const graph = graphOf(
    [
      ['w', null],
      ['c', null],
      ['x', null],
      ['u:mul', null],
      ['d:detach', null],
      ['y:square', null],
    ],
    [
      ['c', 'u'],
      ['w', 'd'],
      ['d', 'y'],
      ['x', 'y'],
    ],
  )
  const nodes = graph.nodes.map((n) => ({ ...n, requires_grad: n.id !== 'd' && n.id !== 'x' }))
  const steps = ['operation u e0', 'operation d e1', 'operation y e2 e3', 'backward y']
  const values = Object.fromEntries(nodes.map(({ id }) => [id, single(1)]))
  const timeline = timelineOf({ ...graph, nodes }, values, steps, [passFrom('y', { y: single(1) }, {})])

  it.each([
    ['x', 'it does not require one'],
    ['c', 'nothing leads from it to y, where backward starts'],
    ['w', 'on its way to y, detach gives a result that no gradient goes back through'],
  ])('%s: %s', (node, why) => expect(whyNone(timeline, node)).toContain(why))

  it('says so when there was no backward pass', () => {
    expect(whyNone(timelineOf(graph, values, steps.slice(0, 3)), 'w')).toContain('has no backward pass')
  })
})
