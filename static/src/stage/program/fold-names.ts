/** The names of folds. Pure. */

import type { Node } from '../../core/contract'
import { isBranch, type Twig } from './branches'

/**
 * Return the first and the last line of the program on which some twigs stand: an operation stands on its own line, a group on the line
 * that calls it. Null when no line is known. `depth`: how many calls deep the lines are.
 */
export function linesOf(twigs: readonly Twig[], depth = depthOf(twigs)): { first: number; last: number } | null {
  let [first, last] = [Number.POSITIVE_INFINITY, 0]
  for (const twig of twigs) {
    const line = isBranch(twig) ? (twig.group === null ? null : lineAt(firstOf(twig), depth)) : twig.line
    const lines = isBranch(twig) && twig.group === null ? linesOf(twig.children) : { first: line, last: line }
    if (lines === null || lines.first === null || lines.last === null) continue
    first = Math.min(first, lines.first)
    last = Math.max(last, lines.last)
  }
  return last === 0 ? null : { first, last }
}

/** Return how many calls deep the code is that made some twigs: as deep as its operations, or as far as the calls of its groups agree. */
export function depthOf(twigs: readonly Twig[]): number {
  const operations = twigs.flatMap((twig) => (isBranch(twig) ? [] : [twig.path.length]))
  if (operations.length > 0) return operations.reduce((a, b) => Math.min(a, b))
  const [path = [], ...others] = twigs.map((twig) => firstOf(twig)?.path ?? [])
  const differs = (i: number) => others.some((other) => other[i]?.line !== path[i]?.line)
  const agreed = path.findIndex((_, i) => differs(i))
  return agreed === -1 ? path.length : agreed
}

function firstOf(twig: Twig | undefined): Node | undefined {
  return twig === undefined || !isBranch(twig) ? twig : firstOf(twig.children[0])
}

function lineAt(node: Node | undefined, depth: number): number | null {
  return node?.path[depth]?.line ?? node?.line ?? null
}

/** Return the name of a repeat: "Block × 12", "Linear + ReLU × 6", "lines 8–10 × 500". `body`: the twigs of the first member. */
export function repeatName(body: readonly Twig[], times: number, depth: number): string {
  const lines = linesOf(body, depth)
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
