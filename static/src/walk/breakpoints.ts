/**
 * Breakpoints, where playing stops: at nodes ("n4") and at lines of the program, from 1 ("l12"). Pure. Steps count from 0.
 *
 * A node stops at each of its steps, a line at the first of the steps in a row that it makes.
 */

import type { Graph, SnapshotHead } from '../core/contract'
import { lineAfterEdit, originalLines } from '../core/line-diff'
import { sameNode } from './counterpart'
import type { Timeline } from './model'

export type Breakpoints = readonly string[]

export const NO_BREAKPOINTS: Breakpoints = []

const ONE = /^[nl]\d{1,9}$/
/** More than an address should carry. */
const MOST = 100

/** Read breakpoints from text, "n4,l12"; invalid parts are ignored. */
export function parseBreakpoints(text: string | null): Breakpoints {
  const found = new Set((text ?? '').split(',').filter((one) => ONE.test(one)))
  return found.size === 0 ? NO_BREAKPOINTS : [...found].slice(0, MOST)
}

export const atNode = (node: string): string => node
export const atLine = (line: number): string => `l${line}`

/** Return the breakpoints with `one` added or removed. Above the limit, the oldest is dropped. */
export function toggled(all: Breakpoints, one: string): Breakpoints {
  return all.includes(one) ? all.filter((other) => other !== one) : [...all, one].slice(-MOST)
}

/** The lines that have one, in order. */
export function linesOf(all: Breakpoints): number[] {
  return all.flatMap((one) => (one.startsWith('l') ? [Number(one.slice(1))] : [])).sort((a, b) => a - b)
}

/** Return whether playing stops at a step. */
export function breaksAt(all: Breakpoints, timeline: Timeline, step: number): boolean {
  const current = timeline.steps[step]
  if (current === undefined || all.length === 0) return false
  if (all.includes(current.node)) return true
  const line = lineAt(timeline, step)
  return line !== null && all.includes(atLine(line)) && lineAt(timeline, step - 1) !== line
}

/** The nearest step after (1) or before (−1) `from` at which playing stops; null when there is none. */
export function breakFrom(all: Breakpoints, timeline: Timeline, from: number, direction: 1 | -1): number | null {
  for (let at = from + direction; at >= 0 && at < timeline.steps.length; at += direction)
    if (breaksAt(all, timeline, at)) return at
  return null
}

/** The breakpoints of one iteration in another one, whose graph may be another. */
export function inGraph(all: Breakpoints, from: Graph, to: Graph): Breakpoints {
  if (from.id === to.id) return all
  return all.flatMap((one) => (one.startsWith('l') ? [one] : (sameNode(from, to, one) ?? [])))
}

/** The breakpoints of one run in the next: lines follow the text, nodes stay while they are the same operation. */
export function afterRun(all: Breakpoints, before: SnapshotHead | null, now: SnapshotHead): Breakpoints {
  if (before === null || all.length === 0) return NO_BREAKPOINTS
  const origins = originalLines(before.program.source, now.program.source)
  const find = (head: SnapshotHead, id: string) => head.graphs.flatMap(({ nodes }) => nodes).find((n) => n.id === id)
  return all.flatMap((one) => {
    if (one.startsWith('l')) {
      const line = lineAfterEdit(origins, Number(one.slice(1)))
      return line === null ? [] : [atLine(line)]
    }
    const [was, is] = [find(before, one), find(now, one)]
    return was !== undefined && was.op === is?.op && was.name === is.name ? [one] : []
  })
}

/** The line that is lit at a step. */
function lineAt({ steps, nodes }: Timeline, step: number): number | null {
  const one = steps[step]
  return one === undefined ? null : (one.line ?? nodes.get(one.node)?.line ?? null)
}
