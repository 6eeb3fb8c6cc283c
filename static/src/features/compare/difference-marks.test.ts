import { describe, expect, test } from 'vitest'
import { contrast } from '../../core/colours'
import { badgesIn, sizesWithBadges } from '../../stage/program/badge-layout'
import { marksOn } from '../../stage/program/card-marks'
import { type View, viewOf } from '../../stage/program/graph-view'
import { layout } from '../../stage/program/layout'
import type { CardSize } from '../../stage/program/satellites'
import { seenIn } from '../../stage/program/seen-frame'
import { buildTimeline, frameAt } from '../../walk/timeline'
import { DifferenceMarks, presencesIn } from './difference-marks'
import { mergeSteps } from './merged-steps'
import { Pair } from './run-pair'
import { splitFor } from './split-view'
import { type Name, pairOf } from './testing'
import { translate } from './translated-ids'

function drawn(a: Name, b: Name, open: 'all' | 'none' = 'all') {
  const { one, other, union } = pairOf(a, b)
  const merged = mergeSteps({ ...one.iteration, graph: 7 }, translate(other.iteration, union))
  const beside = { union, body: merged.b, lone: merged.lone, over: false, trouble: null }
  const pair = new Pair(buildTimeline(union.graph, merged.a), beside)
  const view = viewOf(pair.folds, new Set(open === 'all' ? pair.folds.folds.keys() : []))
  const frame = frameAt(pair.first, merged.a.steps.length - 1, 1)
  const own = pair.frameBeside(frame)
  const decorations = new DifferenceMarks('B', union).decorations(frame, own)
  const sizes = sizesWithBadges(view, pair.shapes, decorations)
  const placed = layout(view, (card) => sizes.get(card) as CardSize)
  const marks = marksOn(view, decorations)
  const badges = badgesIn({ layout: placed, sizes, marks, frame: seenIn(view, own) })
  return { union, pair, view, placed, marks, badges }
}

describe.each([
  ['base', 'seed'],
  ['base', 'layer'],
  ['loop', 'longer'],
  ['training', 'adam'],
] as [Name, Name][])('%s beside %s', (a, b) => {
  test('no badge stands over another, or over a card', () => {
    for (const open of ['all', 'none'] as const) {
      const { badges, placed } = drawn(a, b, open)
      const boxes = [...badges.map(({ place }) => place), ...placed.cards.values()]
      const apart = (i: number, j: number) => {
        const [x, y] = [boxes[i]!, boxes[j]!]
        return x.x + x.width <= y.x || y.x + y.width <= x.x || x.y + x.height <= y.y || y.y + y.height <= x.y
      }
      for (let i = 0; i < badges.length; i += 1)
        for (let j = i + 1; j < boxes.length; j += 1) expect(apart(i, j)).toBe(true)
    }
  })
})

test('a node that both have is compared, one that only one has is not', () => {
  const { marks } = drawn('base', 'activation')
  const cards = [...marks.cards.values()]
  const alone = cards.filter(({ presence }) => presence !== null)
  expect(alone.map(({ presence }) => presence?.text).sort()).toEqual(['only in A', 'only in B'])
  expect(alone.flatMap(({ badges }) => badges)).toEqual([])
  const badges = cards.flatMap((one) => one.badges)
  expect(badges.some(({ isQuiet, text }) => isQuiet && text === '=')).toBe(true)
  expect(badges.some(({ isQuiet, label }) => !isQuiet && label.includes('apart by'))).toBe(true)
})

test('a closed fold says what in it only one has', () => {
  const { marks } = drawn('base', 'layer', 'none')
  expect([...marks.cards.values()].flatMap(({ tally }) => tally || [])).toEqual(['4 only in B'])
})

test('marks stay the same object while the numbers do', () => {
  const { pair, union } = drawn('base', 'seed')
  const marks = new DifferenceMarks('B', union)
  const frame = frameAt(pair.first, 3, 1)
  const first = marks.decorations(frame, pair.frameBeside(frame))
  expect(marks.decorations({ ...frame }, { ...pair.frameBeside(frame) })).toBe(first)
})

describe('how two stages share a place', () => {
  const split = (width: number, height: number) => {
    const { pair, union } = drawn('base', 'seed')
    const sizes = (view: View) => sizesWithBadges(view, pair.shapes, presencesIn('A', union))
    return splitFor(pair.folds, { width, height }, sizes, null)
  }
  test('a wide graph is drawn above the other, a tall place has them above each other too', () => {
    expect(split(970, 480).way).toBe('above')
    expect(split(600, 900).way).toBe('above')
  })
  test('with room for both, all of it is open', () => {
    const { pair } = drawn('base', 'seed')
    expect(new Set(split(2600, 1400).open)).toEqual(new Set(pair.folds.folds.keys()))
  })
})

test('the colours of a difference can be read in both themes', async () => {
  const { readFile } = await import('node:fs/promises')
  const [light = '', dark = ''] = (await readFile('src/app/theme.css', 'utf8')).split('[data-theme="dark"]')
  for (const theme of [light, dark]) {
    const colour = (name: string) => {
      const [, hex = ''] = new RegExp(`--${name}: #(\\w{6})`).exec(theme) ?? []
      return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]
    }
    expect(contrast(colour('difference-ink'), colour('difference-fill'))).toBeGreaterThan(7)
    for (const surface of ['stage', 'card', 'room', 'panel'])
      expect(contrast(colour('difference-line'), colour(surface))).toBeGreaterThan(4.5)
  }
})
