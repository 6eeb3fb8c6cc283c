/** What folds are called. Pure. */

import { isBranch, type Twig } from './branches'

/** The first and the last line of the program that these come from; null where none is known. */
export function linesOf(twigs: readonly Twig[]): { first: number; last: number } | null {
  let [first, last] = [Number.POSITIVE_INFINITY, 0]
  for (const twig of twigs) {
    const lines = isBranch(twig) ? (twig.group === null ? linesOf(twig.children) : null) : asLines(twig.line)
    if (lines === null) continue
    first = Math.min(first, lines.first)
    last = Math.max(last, lines.last)
  }
  return last === 0 ? null : { first, last }
}

function asLines(line: number | null) {
  return line === null ? null : { first: line, last: line }
}

/** "Block × 12", "Linear + ReLU × 6", "lines 8–10 × 500". `body`: the first of the members. */
export function repeatName(body: readonly Twig[], times: number): string {
  const lines = linesOf(body)
  const types = body.filter(isBranch).flatMap((branch) => (branch.type === '' ? [] : [branch.type]))
  if (types.length > 0 && types.length === body.length) return `${joined(types)} × ${times}`
  if (lines === null) return `${joined(body.map((t) => (isBranch(t) ? t.name : (t.op ?? 'tensor'))))} × ${times}`
  return `${lines.first === lines.last ? `line ${lines.first}` : `lines ${lines.first}–${lines.last}`} × ${times}`
}

/** Counted from 1. */
export function memberName(index: number, times: number): string {
  return `${index + 1} of ${times}`
}

function joined(names: readonly string[]): string {
  return names.length > 2 ? `${names[0]} … ${names.at(-1)}` : names.join(' + ')
}
