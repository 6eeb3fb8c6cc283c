/** Drawings of real and of random programs, with whatever is open: nothing over another, no edge through a card. */

import { describe, expect, it } from 'vitest'
import type { Graph } from '../../core/contract'
import { graphOf, type Recorded, randomNumbers, recorded } from '../../core/testing'
import dense from './fixtures/dense.json'
import encoder from './fixtures/encoder.json'
import recurrent from './fixtures/recurrent.json'
import residual from './fixtures/residual.json'
import shared from './fixtures/shared.json'
import { type Folds, foldsOf } from './folds'
import { viewOf } from './graph-view'
import { layout } from './layout'
import { faultsOf, someSize } from './testing'

const PROGRAMS: [string, Graph][] = Object.entries({ dense, encoder, recurrent, residual, shared }).map(
  ([name, graph]) => [name, recorded(graph as unknown as Recorded)],
)

/** Cards above which a state is not looked at: the faults are counted in square time. */
const MOST = 450

/** Some of the folds that can be seen are opened, again and again: one state after the other. */
function states(folds: Folds, seed: number, count: number): ReadonlySet<string>[] {
  const random = randomNumbers(seed)
  const found = [new Set<string>()]
  while (found.length < count) {
    const open = new Set(found.at(-1))
    for (const { fold } of viewOf(folds, open).cards) if (fold !== null && random() < 0.4) open.add(fold.id)
    if (viewOf(folds, open).cards.length > MOST) break
    found.push(open)
  }
  return found
}

/** A program of operations that take what came before, in groups that nest and come back. */
function randomProgram(seed: number): Graph {
  const random = randomNumbers(seed)
  const groups = Array.from({ length: 9 }, (_, i) => [`g${i}`, i < 3 ? null : `g${Math.floor(random() * i)}`] as const)
  const nodes: [string, string | null][] = []
  const edges: [string, string][] = []
  let group: string | null = null
  for (let i = 0; i < 90; i += 1) {
    if (random() < 0.3) group = random() < 0.25 ? null : (groups[Math.floor(random() * groups.length)]?.[0] ?? null)
    const leaf = i < 2 || random() < 0.25
    nodes.push([leaf ? `n${i}` : `n${i}:add`, group])
    if (leaf) continue
    for (let k = 0; k < 1 + random() * 2; k += 1)
      edges.push([`n${Math.max(0, i - 1 - Math.floor(random() * random() * 40))}`, `n${i}`])
  }
  return graphOf(nodes, edges, groups)
}

describe.each(PROGRAMS)('the program "%s"', (_, graph) => {
  const folds = foldsOf(graph)

  it.each([1, 2, 3])('is drawn without faults in every state (choice %i)', (seed) => {
    for (const open of states(folds, seed, 7)) {
      const view = viewOf(folds, open)
      expect(faultsOf(view, layout(view, someSize), someSize)).toEqual([])
    }
  })

  it('shows every node and every edge once, or inside of one card', () => {
    for (const open of states(folds, 5, 6)) {
      const view = viewOf(folds, open)
      expect(view.holders.size).toBe(graph.nodes.length)
      const within = graph.edges.filter((e) => view.holders.get(e.source) === view.holders.get(e.target))
      expect(view.wireOf.size + within.length).toBe(graph.edges.length)
      expect(view.wires.flatMap((wire) => wire.edges).length).toBe(view.wireOf.size)
    }
  })

  it('is drawn alike from run to run', () => {
    const again = foldsOf(structuredClone(graph))
    for (const open of states(folds, 4, 5))
      expect(layout(viewOf(again, open), someSize)).toEqual(layout(viewOf(folds, open), someSize))
  })

  it('never opens to many cards at once', () => {
    const inside = new Map<string | null, number>()
    for (const parent of [...folds.home.values(), ...[...folds.folds.values()].map((fold) => fold.parent)])
      inside.set(parent, (inside.get(parent) ?? 0) + 1)
    expect(Math.max(...inside.values())).toBeLessThanOrEqual(26)
  })
})

it('a fault is noticed', () => {
  const folds = foldsOf(PROGRAMS[3]?.[1] as Graph)
  const view = viewOf(folds, new Set(['g0']))
  const drawn = layout(view, someSize)
  const [first, second] = view.cards.filter((card) => card.room === 'g0')
  const cards = new Map(drawn.cards)
  const [a, b] = [cards.get(first?.id ?? ''), cards.get(second?.id ?? '')]
  cards.set(first?.id ?? '', { ...a, ...b } as NonNullable<typeof a>)
  expect(faultsOf(view, { ...drawn, cards }, someSize).join()).toContain('overlaps')
  cards.set(first?.id ?? '', { x: 0, y: 0, width: drawn.width, height: drawn.height })
  expect(faultsOf(view, { ...drawn, cards }, someSize).join()).toMatch(
    /runs through.*is not in|is not in.*runs through/,
  )
})

describe('random programs', () => {
  it.each(Array.from({ length: 24 }, (_, i) => i + 1))(
    'are drawn without faults in every state (program %i)',
    (seed) => {
      const folds = foldsOf(randomProgram(seed))
      for (const open of states(folds, seed, 6)) {
        const view = viewOf(folds, open)
        expect(faultsOf(view, layout(view, someSize), someSize)).toEqual([])
      }
    },
  )
})
