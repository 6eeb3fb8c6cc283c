/** The places of badges at the cards, and the space that cards keep for them. Pure. */

import type { Iteration } from '../../core/contract'
import type { Decorations } from '../decorations'
import type { Rectangle } from '../geometry'
import { blockOf, NUMBERS_GAP } from '../tensor-drawing'
import { sizesOf } from './card-facts'
import { type CardMarks, type Marks, marksOn } from './card-marks'
import type { View } from './graph-view'
import type { Layout } from './layout'
import type { CardSize } from './satellites'
import type { Seen } from './seen-frame'

/** A badge with its rectangle on the plane. */
export interface PlacedBadge {
  readonly card: string
  /** `alone`: it says which run has the card, or parts of it. */
  readonly kind: 'value' | 'gradient' | 'alone'
  readonly text: string
  readonly isQuiet: boolean
  readonly place: Rectangle
}

/** Lengths of a badge, in units of the plane. `least`: the width of a card that has badges. */
export const BADGE = { height: 21, gap: 1, letter: 9.2, padding: 12, least: 84 }
/** The height that one badge adds to a card. */
const STRIDE = BADGE.height + BADGE.gap
/** The numbers of a card are this much lower than the space above or below it. */
const AROUND_NUMBERS = 6
/** The height of the number at a card that shows none: the badge comes as near as it looks good. */
const NO_NUMBER = -3

/** Return the space for the cards of a view, with room for a badge at each of their numbers. */
export function sizesWithBadges(view: View, iteration: Iteration, decorations: Decorations): Map<string, CardSize> {
  const { cards } = marksOn(view, decorations)
  const sizes = [...sizesOf(view, iteration)].map(([card, size]): [string, CardSize] => [
    card,
    {
      ...size,
      width: Math.max(size.width, BADGE.least),
      above: size.above + (cards.get(card)?.tally ? 2 * STRIDE : STRIDE),
      below: size.below > AROUND_NUMBERS ? size.below + STRIDE : size.below,
    },
  ])
  return new Map(sizes)
}

interface Moment {
  layout: Layout
  sizes: ReadonlyMap<string, CardSize>
  marks: Marks
  frame: Pick<Seen, 'values' | 'gradients' | 'accumulated'>
}

/** Return all badges of a view, each beyond the number that it is about. */
export function badgesIn({ layout, sizes, marks, frame }: Moment): PlacedBadge[] {
  const badges: PlacedBadge[] = []
  for (const [card, one] of marks.cards) {
    const box = layout.cards.get(card)
    if (box !== undefined && hasBadges(one)) badges.push(...badgesAt(card, one, box, heightsAt(card, frame, sizes)))
  }
  return badges
}

function hasBadges({ badges, presence, tally }: CardMarks): boolean {
  return badges.length > 0 || presence !== null || tally !== ''
}

interface Heights {
  /** The heights of the numbers on show. */
  value: number
  gradient: number
  /** The height of the largest value that the card will show. */
  most: number
}

function heightsAt(card: string, frame: Moment['frame'], sizes: Moment['sizes']): Heights {
  const value = frame.values.get(card)?.[0]
  const gradient = frame.accumulated.get(card) ?? frame.gradients.get(card)
  const shown = value ? blockOf(value.shape).height : NO_NUMBER
  const kept = (sizes.get(card)?.above ?? 0) - AROUND_NUMBERS - 2 * STRIDE
  return {
    value: shown,
    gradient: gradient ? blockOf(gradient.shape).height : NO_NUMBER,
    most: Math.max(shown, kept),
  }
}

function badgesAt(card: string, marks: CardMarks, box: Rectangle, heights: Heights): PlacedBadge[] {
  const placed = marks.badges.map(({ kind, text, isQuiet }) => ({
    card,
    kind,
    text,
    isQuiet,
    place: kind === 'gradient' ? below(box, heights.gradient, text) : above(box, heights.value, text),
  }))
  const told = (text: string, place: Rectangle): PlacedBadge => ({ card, kind: 'alone', text, isQuiet: false, place })
  const { presence, tally } = marks
  return [
    ...placed,
    ...(presence ? [told(presence.text, above(box, heights.value, presence.text))] : []),
    ...(tally ? [told(tally, above(box, heights.most + STRIDE, tally))] : []),
  ]
}

function above(box: Rectangle, number: number, text: string): Rectangle {
  return across(box, box.y - NUMBERS_GAP - number - BADGE.gap - BADGE.height, text)
}

function below(box: Rectangle, number: number, text: string): Rectangle {
  return across(box, box.y + box.height + NUMBERS_GAP + number + BADGE.gap, text)
}

function across(box: Rectangle, y: number, text: string): Rectangle {
  const width = text.length * BADGE.letter + BADGE.padding
  return { x: box.x + (box.width - width) / 2, y, width, height: BADGE.height }
}
