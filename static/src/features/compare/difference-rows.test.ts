import { expect, test } from 'vitest'
import { buildTimeline, frameAt } from '../../walk/timeline'
import { lossOf, rowsOf } from './difference-rows'
import { mergeSteps } from './merged-steps'
import { sentencesOf } from './step-sentences'
import { type Name, pairOf } from './testing'
import { translate } from './translated-ids'

function ends(a: Name, b: Name) {
  const { one, other, union } = pairOf(a, b)
  const merged = mergeSteps({ ...one.iteration, graph: 7 }, translate(other.iteration, union))
  const timelines = [merged.a, merged.b].map((body) => buildTimeline(union.graph, body)) as [Timeline, Timeline]
  const last = merged.a.steps.length - 1
  const frames = timelines.map((timeline) => frameAt(timeline, last, 1)) as [Frame, Frame]
  return { ...merged, union, timelines, last, rows: rowsOf(union, ...frames) }
}

type Timeline = ReturnType<typeof buildTimeline>
type Frame = ReturnType<typeof frameAt>

test('every parameter has a row, the largest difference first', () => {
  const { rows } = ends('base', 'seed')
  expect(rows.map(({ name }) => name).sort()).toEqual(['net.0.bias', 'net.0.weight', 'net.2.bias', 'net.2.weight'])
  const sizes = rows.map(({ value, gradient }) => Math.max(value.size, gradient.size))
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
  expect(rows.every(({ value, only }) => !value.same && only === null)).toBe(true)
})

test('a run beside itself differs in nothing', () => {
  const { rows, a, b } = ends('base', 'base')
  expect(rows.every(({ value, gradient }) => value.delta === '=' && gradient.delta === '=')).toBe(true)
  expect(lossOf(a, b)).toMatchObject({ delta: '=', same: true })
})

test('what only one has is said, and has no difference', () => {
  const { rows } = ends('base', 'layer')
  const added = rows.filter(({ only }) => only === 'B')
  expect(added.map(({ name }) => name).sort()).toEqual(['net.4.bias', 'net.4.weight'])
  for (const { value } of added) expect(value).toMatchObject({ a: '–', delta: '–' })
})

test('a parameter with another name is one row with both', () => {
  const { rows } = ends('base', 'renamed')
  expect(rows.map(({ name, other }) => `${name} ${other}`)).toContain('net.0.weight model.0.weight')
  expect(rows.every(({ value }) => value.same)).toBe(true)
})

test('the losses and what is between them', () => {
  const { a, b } = ends('base', 'seed')
  const { delta, same } = lossOf(a, b)
  expect(same).toBe(false)
  expect(Number(delta.replace('−', '-'))).toBeCloseTo(Number(b.loss) - Number(a.loss), 2)
  expect(lossOf({ ...a, loss: 'NaN' }, b)).toMatchObject({ a: 'NaN', size: Number.POSITIVE_INFINITY })
  expect(lossOf({ ...a, loss: null }, b)).toMatchObject({ a: '–', delta: '–' })
})

test('the sentences of both: words that are the same are said once, numbers never are', () => {
  const { timelines, last } = ends('base', 'seed')
  const { text } = sentencesOf(...timelines, last, null, false)
  expect(text).toMatch(/^Step \d+ of \d+, backward\. A: .* B: the same, with numbers that are apart by up to [\d.]+\.$/)
  const same = ends('base', 'base')
  expect(sentencesOf(...same.timelines, last, null, false).text).toContain(
    'B: the same, with numbers that are identical.',
  )
})

test('who has no such step holds still, and says so', () => {
  const { timelines, lone } = ends('base', 'activation')
  for (const [index, one] of lone) {
    const { text } = sentencesOf(...timelines, index, one, false)
    expect(text).toContain(`${one.run === 'A' ? 'B' : 'A'} has no such step and holds still.`)
  }
  expect(lone.size).toBeGreaterThan(0)
})
