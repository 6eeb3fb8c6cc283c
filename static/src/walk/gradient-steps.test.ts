import { expect, test } from 'vitest'
import type { Graph, Iteration } from '../core/contract'
import fan from './fixtures/fan-out.json'
import { gradientFrom } from './gradient-steps'
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
})

test('a node that no gradient reaches has none', () => {
  const constant = fanOut.graph.nodes.find(({ id }) => !fanOut.gradients.has(id))?.id ?? 'nothing'
  expect(gradientFrom(fanOut, constant, -1, 1)).toBeNull()
})
