/** The direction in which an update moved the numbers of a leaf: an optimizer with memory need not follow the gradient. Pure. */

import type { Iteration } from '../core/contract'
import { formatShape, toNumber } from '../core/numbers'

type Update = Iteration['updates'][number]

/** The count of numbers that moved against their gradient, of those that moved otherwise, and of those that did not move. */
export interface Moves {
  against: number
  otherwise: number
  not: number
}

/** Null where the numbers do not stand in the snapshot. */
export function movesOf({ before, after, gradient }: Update): Moves | null {
  const slopes = gradient?.data
  if (!before.data || !after.data || !slopes) return null
  const moves = { against: 0, otherwise: 0, not: 0 }
  before.data.forEach((old, i) => {
    const way = toNumber(after.data?.[i] ?? 0) - toNumber(old)
    moves[way === 0 ? 'not' : way * toNumber(slopes[i] ?? 0) < 0 ? 'against' : 'otherwise'] += 1
  })
  return moves
}

/** A sentence in two parts: how many move, and which way. `rest`: what the others do. */
export function movesText(update: Update): { many: string; way: string; rest: string } {
  const moves = movesOf(update)
  const count = update.before.data?.length
  if (moves === null || moves.against === count)
    return { many: `all ${formatShape(update.after.shape)} numbers move `, way: 'against their gradient', rest: '' }
  if (moves.not === count)
    return { many: `all ${formatShape(update.after.shape)} numbers `, way: 'stay as they are', rest: '' }
  const rest = [
    moves.otherwise > 0 ? `, ${moves.otherwise} ${moves.otherwise === 1 ? 'does' : 'do'} not` : '',
    moves.not > 0 ? `, ${moves.not} ${moves.not === 1 ? 'stays' : 'stay'}` : '',
  ].join('')
  const one = moves.against === 1
  return {
    many: `${moves.against} of ${count} numbers ${one ? 'moves' : 'move'} `,
    way: `against ${one ? 'its' : 'their'} gradient`,
    rest,
  }
}
