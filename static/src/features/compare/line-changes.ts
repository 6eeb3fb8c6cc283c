/** The lines of a program that another one has changed. Pure. */

import { originalLines } from '../../core/line-diff'

/** `line`: from 1, in the text that it is of. */
export interface Change {
  kind: 'removed' | 'added'
  line: number
  text: string
}

/** Return the lines removed from `a` and added in `b`, in the order of the text; a replacement follows the replaced line. */
export function changesBetween(a: string, b: string): Change[] {
  const [before, after] = [a.split('\n'), b.split('\n')]
  const origins = originalLines(a, b)
  const found: Change[] = []
  let next = 1
  const removeUntil = (line: number) => {
    for (; next < line; next += 1) found.push({ kind: 'removed', line: next, text: before[next - 1] ?? '' })
  }
  let added: Change[] = []
  origins.forEach((origin, i) => {
    if (origin === null) {
      added.push({ kind: 'added', line: i + 1, text: after[i] ?? '' })
      return
    }
    removeUntil(origin)
    found.push(...added)
    added = []
    next = origin + 1
  })
  removeUntil(before.length + 1)
  return [...found, ...added]
}
