import { describe, expect, test } from 'vitest'
import { buildTimeline, frameAt } from '../../walk/timeline'
import { mergeSteps } from './merged-steps'
import { type Name, pairOf } from './testing'
import { translate } from './translated-ids'

function merged(a: Name, b: Name) {
  const { one, other, union } = pairOf(a, b)
  return { one, other, union, ...mergeSteps(one.iteration, translate(other.iteration, union)) }
}

describe.each([
  ['base', 'seed'],
  ['base', 'layer'],
  ['layer', 'base'],
  ['base', 'activation'],
  ['loop', 'longer'],
  ['training', 'adam'],
  ['training', 'byHand'],
] as [Name, Name][])('%s and %s on one timeline', (a, b) => {
  const { one, other, union, lone, ...both } = merged(a, b)

  test('each keeps all of its steps in their order', () => {
    const own = (run: 'A' | 'B', steps: typeof both.a.steps) =>
      steps.filter((_, i) => (lone.get(i)?.run ?? run) === run)
    expect(own('A', both.a.steps).map(({ node, kind }) => `${kind} ${node}`)).toEqual(
      one.iteration.steps.map(({ node, kind }) => `${kind} ${node}`),
    )
    expect(own('B', both.b.steps).map(({ kind }) => kind)).toEqual(other.iteration.steps.map(({ kind }) => kind))
  })

  test('phases do not come back', () => {
    const rank = ['forward', 'loss', 'backward', 'update']
    const ranks = both.a.steps.map(({ phase }) => rank.indexOf(phase))
    expect(ranks).toEqual([...ranks].sort())
    expect(both.b.steps.map(({ phase }) => phase)).toEqual(both.a.steps.map(({ phase }) => phase))
  })

  test('while the one steps alone, nothing changes at the other', () => {
    for (const [run, body] of [
      ['A', both.b],
      ['B', both.a],
    ] as const) {
      const timeline = buildTimeline(union.graph, body)
      for (const [index, { run: by }] of lone) {
        if (by !== run || index === 0) continue
        const [before, now] = [frameAt(timeline, index - 1, 1), frameAt(timeline, index, 1)]
        expect(now.travels).toEqual([])
        expect(now.values).toEqual(before.values)
        expect(now.accumulated).toEqual(before.accumulated)
        expect(now.gradients).toEqual(before.gradients)
      }
    }
  })

  test('at the end each has what it had alone', () => {
    const last = both.a.steps.length - 1
    const [alone, beside] = [buildTimeline(one.graph, one.iteration), buildTimeline(union.graph, both.a)]
    expect(frameAt(beside, last, 1).values).toEqual(frameAt(alone, alone.steps.length - 1, 1).values)
    expect(frameAt(beside, last, 1).accumulated).toEqual(frameAt(alone, alone.steps.length - 1, 1).accumulated)
  })
})

test('the same program has no step of its own', () => expect(merged('base', 'seed').lone.size).toBe(0))

test('what the optimizer does not do is a step of the other only', () => {
  const { lone } = merged('training', 'byHand')
  expect([...lone.values()].map(({ run, step }) => `${run} ${step.kind}`)).toEqual(['A update', 'A update'])
  expect([...lone.values()].every(({ elsewhere }) => !elsewhere)).toBe(true)
})
