/** What is written at the cards of a comparison: where it differs, by how much, and what only one run has. Pure. */

import type { Tensor } from '../../core/contract'
import type { Rectangle } from '../../stage/geometry'
import { outputOf } from '../../stage/program/card-facts'
import type { Card, View } from '../../stage/program/graph-view'
import type { Layout } from '../../stage/program/layout'
import { blockOf, NUMBERS_GAP } from '../../stage/tensor-drawing'
import type { Frame, Run } from '../../walk/model'
import { type Difference, differenceOf, markOf, tellDifference } from './difference'

/** The tensors on show, by node. */
export type Shown = Pick<Frame, 'values' | 'gradients' | 'accumulated'>

/** `place` is its rectangle on the plane. `said`: for a screen reader. */
export interface Badge {
  card: string
  kind: 'value' | 'gradient' | 'alone'
  /** Whether there is nothing to see. */
  quiet: boolean
  text: string
  said: string
  place: Rectangle
}

/** Space above and below a card, and its least width, for a badge. */
export const BADGE = { height: 21, gap: 1, letter: 9.2, padding: 12, least: 84 }

/** By card: the run that alone has it; a closed fold when all of it is that run's. */
export function alone(view: View, only: { a: ReadonlySet<string>; b: ReadonlySet<string> }): Map<string, Run> {
  const runs = new Map<string, Run | null>()
  for (const { id } of view.graph.nodes) {
    const card = view.holders.get(id) ?? id
    const run = only.a.has(id) ? 'A' : only.b.has(id) ? 'B' : null
    runs.set(card, !runs.has(card) || runs.get(card) === run ? run : null)
  }
  return new Map([...runs].filter((entry): entry is [string, Run] => entry[1] !== null))
}

/** By closed fold of which only a part is one run's: "2 only in B". */
export function partlyAlone(view: View, only: { a: ReadonlySet<string>; b: ReadonlySet<string> }): Map<string, string> {
  const counts = new Map<string, { A: number; B: number; both: number }>()
  const folds = new Set(view.cards.filter(({ fold }) => fold !== null).map(({ id }) => id))
  for (const { id } of view.graph.nodes) {
    const card = view.holders.get(id) ?? id
    if (!folds.has(card)) continue
    const count = counts.get(card) ?? { A: 0, B: 0, both: 0 }
    counts.set(card, count)
    count[only.a.has(id) ? 'A' : only.b.has(id) ? 'B' : 'both'] += 1
  }
  const told = (count: number, run: Run) => (count > 0 ? [`${count} only in ${run}`] : [])
  const texts = [...counts].map(([card, { A, B, both }]): [string, string] => [
    card,
    [A, B, both].filter((count) => count > 0).length > 1 ? [...told(A, 'A'), ...told(B, 'B')].join(', ') : '',
  ])
  return new Map(texts.filter(([, text]) => text !== ''))
}

/** How B is different from A at every card that both have. */
export function badgesOf(view: View, layout: Layout, a: Shown, b: Shown): Badge[] {
  return view.cards.flatMap((card) => {
    const box = layout.cards.get(card.id)
    const source = outputOf(card)
    if (box === undefined || source === null) return []
    const of = ({ values }: Shown) => values.get(source.node)?.[source.output]
    const gradientOf = ({ gradients, accumulated }: Shown) =>
      source.output === 0 ? (accumulated.get(source.node) ?? gradients.get(source.node)) : undefined
    return [badge(card, box, 'value', of(a), of(b)), badge(card, box, 'gradient', gradientOf(a), gradientOf(b))].filter(
      (one) => one !== null,
    )
  })
}

function badge(
  { id }: Card,
  box: Rectangle,
  kind: 'value' | 'gradient',
  a: Tensor | undefined,
  b: Tensor | undefined,
): Badge | null {
  if (a === undefined || b === undefined) return null
  const difference = remembered(a, b)
  const text = markOf(difference, a, b)
  const quiet = difference.kind === 'same' || difference.kind === 'alike'
  const said = `${kind}s are ${tellDifference(difference)}`
  return { card: id, kind, quiet, text, said, place: badgeBox(box, kind, blockOf(b.shape).height, text) }
}

/** Beyond the number of its kind. */
export function badgeBox(box: Rectangle, kind: Badge['kind'], number: number, text: string): Rectangle {
  const width = text.length * BADGE.letter + BADGE.padding
  const x = box.x + (box.width - width) / 2
  const away = NUMBERS_GAP + number + BADGE.gap
  const y = kind === 'gradient' ? box.y + box.height + away : box.y - away - BADGE.height
  return { x, y, width, height: BADGE.height }
}

/** Tensors never change, and most of them stand there for many steps. */
const known = new WeakMap<Tensor, { b: Tensor; difference: Difference }>()

function remembered(a: Tensor, b: Tensor): Difference {
  const before = known.get(a)
  if (before?.b === b) return before.difference
  const difference = differenceOf(a, b)
  known.set(a, { b, difference })
  return difference
}
