/**
 * Every step of every lesson, without a browser: what is drawn can be projected, and what is said is a sentence of its own.
 *
 * The recordings come from `python -m tests.e2e.lesson_fixtures` (`make fixtures`), which writes them into static/.fixtures.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Graph, Iteration, Observations } from '../core/contract'
import type { Point, Rectangle } from '../stage/geometry'
import { sizesOf } from '../stage/program/card-facts'
import { type Folds, foldsOf } from '../stage/program/folds'
import { numbersOf } from '../stage/program/free-spots'
import { type View, viewOf } from '../stage/program/graph-view'
import { type Layout, layout } from '../stage/program/layout'
import { openAll, openAtStart, seenSize } from '../stage/program/opening-folds'
import type { CardSize } from '../stage/program/satellites'
import { seenIn } from '../stage/program/seen-frame'
import { narrate } from '../walk/sentences'
import { buildTimeline, frameAt } from '../walk/timeline'

const FOLDER = new URL('../../.fixtures/', import.meta.url)
const FILES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.json.gz')) : []

interface Recorded {
  graphs: Graph[]
  iterations: Iteration[]
  /** Of each iteration. */
  observations: Observations[]
}

const recorded = (name: string): Recorded =>
  JSON.parse(gunzipSync(readFileSync(new URL(name, FOLDER))).toString('utf-8'))

const laidOut = (view: View, iteration: Iteration): Layout => {
  const sizes = sizesOf(view, iteration)
  return layout(view, (card) => sizes.get(card) as CardSize)
}

/** A graph of more nodes is never shown with all folds open, unless the reader opens one after the other. */
const FEW = 100

/** The pictures that a reader sees: as the lesson opens, and with all folds open. */
function openings(folds: Folds, iteration: Iteration): [string, ReadonlySet<string>][] {
  const start = openAtStart(folds, (view) => seenSize(laidOut(view, iteration)), null)
  const all = openAll(folds).open
  const same = all.size === start.size
  return same || folds.home.size > FEW
    ? [['at the start', start]]
    : [
        ['at the start', start],
        ['with all folds open', all],
      ]
}

/** Points along a wire as it is drawn, two units apart. */
function along(points: readonly Point[], straight: boolean): Point[] {
  return points.slice(1).flatMap((to, index) => {
    const from = points[index] as Point
    const count = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 2) + 1
    return Array.from({ length: count + 1 }, (_, i) => {
      const t = i / count
      const u = 1 - t
      if (straight) return { x: u * from.x + t * to.x, y: u * from.y + t * to.y }
      // a cubic curve that leaves and arrives level, its handles in the middle
      const middle = (from.x + to.x) / 2
      const [a, b, c, d] = [u ** 3, 3 * u * u * t, 3 * u * t * t, t ** 3]
      return { x: a * from.x + (b + c) * middle + d * to.x, y: (a + b) * from.y + (c + d) * to.y }
    })
  })
}

const holds = (box: Rectangle, { x, y }: Point) =>
  box.x + 2 < x && x < box.x + box.width - 2 && box.y + 2 < y && y < box.y + box.height - 2

const overlaps = (a: Rectangle, b: Rectangle) =>
  Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1 &&
  Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 1

type Named = readonly [string, Rectangle]

function overlapping(boxes: readonly Named[], others: readonly Named[]): string[] {
  return boxes.flatMap(([name, box]) =>
    others.filter(([other, one]) => other !== name && overlaps(box, one)).map(([other]) => `${name} overlaps ${other}`),
  )
}

interface Wire {
  id: string
  points: readonly Point[]
  bounds: Rectangle
}

function wireOf(id: string, points: readonly Point[]): Wire {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { id, points, bounds: { x: x - 2, y: y - 2, width: Math.max(...xs) - x + 4, height: Math.max(...ys) - y + 4 } }
}

function crossing(wires: readonly Wire[], boxes: readonly Named[]): string[] {
  return wires.flatMap(({ id, points, bounds }) =>
    boxes
      .filter(([, box]) => overlaps(bounds, box) && points.some((point) => holds(box, point)))
      .map(([name]) => `${id} runs through ${name}`),
  )
}

const ROOM_TITLE_HEIGHT = 24
const titlesOf = ({ rooms }: Layout): Named[] =>
  [...rooms].map(([id, room]) => [`the title of ${id}`, { ...room, height: ROOM_TITLE_HEIGHT }] as const)

/** What is no sentence for a reader: a formula's source, or a value that the code lacks. */
const NO_SENTENCE = /undefined|null|NaN|\[object|\\[a-z]+|[{}$]/

it('there is a recording of every lesson', () => {
  expect(FILES.length, 'run make fixtures').toBeGreaterThanOrEqual(44)
})

it('a drawing that is wrong is found to be so', () => {
  const box = { x: 0, y: 0, width: 40, height: 40 }
  const boxes: Named[] = [
    ['a', box],
    ['b', { ...box, x: 30 }],
    ['c', { ...box, x: 200 }],
  ]
  expect(overlapping(boxes, boxes)).toEqual(['a overlaps b', 'b overlaps a'])
  const ends = [
    { x: 100, y: 20 },
    { x: 300, y: 20 },
  ]
  expect(crossing([wireOf('e', along(ends, true)), wireOf('f', along(ends, false))], boxes)).toEqual([
    'e runs through c',
    'f runs through c',
  ])
})

describe.each(FILES.map((file) => [file.replace('.json.gz', ''), file]))('%s', (_, file) => {
  const { graphs, iterations, observations } = recorded(file)

  it('is drawn at every step with nothing over another and no wire through a card or a number', () => {
    const faults: string[] = []
    for (const iteration of iterations) {
      const graph = graphs[iteration.graph] as Graph
      const folds = foldsOf(graph)
      const timeline = buildTimeline(graph, iteration)
      for (const [when, open] of openings(folds, iteration)) {
        const view = viewOf(folds, open)
        const drawn = laidOut(view, iteration)
        const wires = [...drawn.paths].map(([id, path]) => wireOf(id, along(path, drawn.brackets.has(id))))
        const still: Named[] = [
          ...[...drawn.cards].map(([id, box]) => [`card ${id}`, box] as const),
          ...titlesOf(drawn),
        ]
        const tell = (at: number, found: string[]) =>
          faults.push(...found.map((one) => `iteration ${iteration.index}, step ${at + 1}, ${when}: ${one}`))
        tell(-1, [...overlapping(still, still), ...crossing(wires, still)])
        // a number that stood there a step ago was looked at then
        let before = new Set<string>()
        for (const at of timeline.steps.keys()) {
          const boxes = numbersOf(drawn, seenIn(view, frameAt(timeline, at, 1)))
          const numbers = boxes.map((box) => [`number ${box.x} ${box.y} ${box.width} ${box.height}`, box] as const)
          const fresh = numbers.filter(([name]) => !before.has(name))
          before = new Set(numbers.map(([name]) => name))
          tell(at, [...overlapping(fresh, [...numbers, ...still]), ...crossing(wires, fresh)])
        }
      }
    }
    expect(faults).toEqual([])
  })

  it('can be read on a small projector as it opens', () => {
    for (const iteration of iterations) {
      const folds = foldsOf(graphs[iteration.graph] as Graph)
      const size = (view: View) => seenSize(laidOut(view, iteration))
      expect(size(viewOf(folds, openAtStart(folds, size, null)))).not.toBe('cut')
    }
  })

  it('says a sentence at every step, another one than at the step before', () => {
    for (const [at, iteration] of iterations.entries()) {
      const timeline = buildTimeline(graphs[iteration.graph] as Graph, iteration, observations[at])
      const sentences = timeline.steps.map((_, at) => narrate(timeline, at).text.replace(/^Step \d+ of \d+, /, ''))
      expect(sentences.filter((one) => one.trim().length < 10 || NO_SENTENCE.test(one))).toEqual([])
      expect(sentences.filter((one, at) => at > 0 && one === sentences[at - 1])).toEqual([])
    }
  })
})
