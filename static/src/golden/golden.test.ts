/**
 * Goldens of layout and timeline: the same recording gives the same drawing and the same story, to the pixel and to the letter.
 *
 * `npm run goldens` writes them again after a change that is meant; the difference is then read like any other.
 */

import { describe, expect, it } from 'vitest'
import type { Tensor } from '../core/contract'
import { formatTensorLabel } from '../core/numbers'
import { sizesOf } from '../stage/program/card-facts'
import { foldsOf } from '../stage/program/folds'
import { viewOf } from '../stage/program/graph-view'
import { type Layout, layout } from '../stage/program/layout'
import { openAll } from '../stage/program/opening-folds'
import type { CardSize } from '../stage/program/satellites'
import type { Frame, Timeline } from '../walk/model'
import { narrate } from '../walk/sentences'
import { buildTimeline, frameAt } from '../walk/timeline'
import { PROGRAMS } from './recorded-programs'

/** In whole tenths: what lies below is no difference that anybody sees. */
const tenth = (x: number) => (Math.round(x * 10) / 10 + 0).toString()
const row = (...numbers: number[]) => numbers.map(tenth).join(' ')

function drawingText({ width, height, cards, rooms, paths }: Layout): string {
  const boxes = (all: Layout['cards'] | Layout['rooms'], what: string) =>
    [...all].map(([id, box]) => `${what} ${id} ${row(box.x, box.y, box.width, box.height)}`)
  const ways = [...paths].map(([id, points]) => `path ${id} ${points.map(({ x, y }) => row(x, y)).join(', ')}`)
  return [`size ${row(width, height)}`, ...boxes(cards, 'card'), ...boxes(rooms, 'room'), ...ways, ''].join('\n')
}

const shown = (all: ReadonlyMap<string, Tensor>) =>
  [...all].map(([id, one]) => `${id}=${formatTensorLabel(one)}`).join(' ')

/** What a frame changes against the one before it, and what it says. */
function frameText(timeline: Timeline, at: number): string {
  const frame = frameAt(timeline, at, 1)
  const before = at === 0 ? null : frameAt(timeline, at - 1, 1)
  const fresh = (pick: (frame: Frame) => ReadonlyMap<string, Tensor>) =>
    new Map([...pick(frame)].filter(([id, one]) => before === null || pick(before).get(id) !== one))
  const firsts = (one: Frame) =>
    new Map([...one.values].flatMap(([id, [first]]) => (first ? [[id, first] as const] : [])))
  const lines: [string, string][] = [
    ['line', `${frame.line}`],
    ['value', shown(fresh(firsts))],
    ['gradient', shown(fresh((one) => one.gradients))],
    ['.grad', shown(fresh((one) => one.accumulated))],
    ['travels', frame.travels.map((t) => `${t.edge} ${t.direction} ${formatTensorLabel(t.tensor)}`).join(', ')],
    ['notes', frame.notes.map(({ edge, text }) => `${edge} ${text}`).join(', ')],
    ['sum', frame.sum?.text ?? ''],
    ['grown', frame.staleGradient?.text ?? ''],
    ['update', frame.update?.text ?? ''],
    ['dry', [...frame.flow.zeroEdges].join(' ')],
    ['spoiled', [...frame.flow.nonFiniteEdges].join(' ')],
    ['without', [...frame.without].join(' ')],
    ['origins', frame.origins.map(({ node, what }) => `${node} ${what}`).join(', ')],
  ]
  const told = lines.filter(([, text]) => text !== '').map(([name, text]) => `  ${name}: ${text}`)
  return [narrate(timeline, at).text, ...told].join('\n')
}

describe.each(PROGRAMS)('$name', ({ name, graph, iteration, observations }) => {
  it.each(['closed', 'open'] as const)('is laid out as before, %s', async (state) => {
    const folds = foldsOf(graph)
    const view = viewOf(folds, state === 'open' ? openAll(folds).open : new Set())
    const sizes = sizesOf(view, iteration)
    const text = drawingText(layout(view, (card) => sizes.get(card) as CardSize))
    await expect(text).toMatchFileSnapshot(`./goldens/${name}-${state}.txt`)
  })

  it('is told as before', async () => {
    const timeline = buildTimeline(graph, iteration, observations)
    const text = timeline.steps.map((_, at) => frameText(timeline, at)).join('\n')
    await expect(`${text}\n`).toMatchFileSnapshot(`./goldens/${name}-story.txt`)
  })
})
