/** The output of a program that may be shown while a question of the lesson waits. Pure. */

import type { ConsoleEntry } from '../../core/contract'

/**
 * Return the number of entries that were surely printed before a step. `line`: of the step in the program, from 1.
 *
 * The output does not tell in which turn of a loop it was printed. So it ends at the step's line, or a later one, and where a line is
 * printed again, which a second turn does.
 */
export function shownBefore(entries: readonly ConsoleEntry[], line: number): number {
  const met = new Set<number>()
  const end = entries.findIndex((entry) => {
    if (entry.line === null) return false
    if (entry.line >= line || met.has(entry.line)) return true
    met.add(entry.line)
    return false
  })
  return end < 0 ? entries.length : end
}
