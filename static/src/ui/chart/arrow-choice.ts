/** Choosing one of many iterations by keyboard. Pure. */

/** The step of PageUp and PageDown, as a share of all. */
const PAGE = 10

/**
 * The place, from 0, that a key leads to from place `at` of `count`; null when the key is not one that moves. Right and up
 * go on, as on every slider.
 */
export function placeAfter(key: string, at: number, count: number): number | null {
  const page = Math.max(1, Math.round(count / PAGE))
  const moves: Record<string, number> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -page,
    PageUp: page,
    Home: -count,
    End: count,
  }
  const move = moves[key]
  return move === undefined ? null : Math.max(0, Math.min(count - 1, at + move))
}
