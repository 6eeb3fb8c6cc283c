/** The space that cards take with their badges. Pure. */

import type { Iteration } from '../../core/contract'
import { sizesOf } from '../../stage/program/card-facts'
import type { View } from '../../stage/program/graph-view'
import type { CardSize } from '../../stage/program/satellites'
import { BADGE, partlyAlone } from './difference-badges'
import type { Union } from './union-graph'

/** Of one badge. */
export const MORE = BADGE.height + BADGE.gap

/** The space for cards with their badges. */
export function roomFor(view: View, shapes: Iteration, only: Union['only']): Map<string, CardSize> {
  const partly = partlyAlone(view, only)
  const sizes = [...sizesOf(view, shapes)].map(([card, size]): [string, CardSize] => [
    card,
    {
      ...size,
      width: Math.max(size.width, BADGE.least),
      above: size.above + (partly.has(card) ? 2 * MORE : MORE),
      below: size.below > 4 ? size.below + MORE : size.below,
    },
  ])
  return new Map(sizes)
}

/** What stands above a card itself. */
export function heightAbove(view: View, card: string, shapes: Iteration): number {
  const size = sizesOf({ ...view, cards: view.cards.filter(({ id }) => id === card) }, shapes).get(card)
  return (size?.above ?? 6) - 6
}

/** Of two iterations of the common graph, at every node the larger tensor. */
export function largerOf(a: Iteration, b: Iteration): Iteration {
  const count = (tensors: Iteration['values'][string] | undefined) =>
    (tensors?.[0]?.shape ?? []).reduce((product, size) => product * size, tensors ? 1 : 0)
  const values = { ...b.values }
  for (const [node, tensors] of Object.entries(a.values))
    if (count(tensors) >= count(values[node])) values[node] = tensors
  return { ...a, values }
}
