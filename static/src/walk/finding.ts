/** Findings of the server about a program: their places, and their words. Pure. */

import type { Finding, Graph, SnapshotHead } from '../core/contract'
import { iterationName, type NamedIterations } from '../core/iteration-names'
import { lineAfterEdit, originalLines } from '../core/line-diff'
import { SEVERITIES, type Severity, worse } from '../core/severity'
import { sameNode } from './counterpart'
import type { Timeline } from './model'
import { stepOfGradient, stepOfLine, stepOfValue } from './steps'

export const NO_FINDINGS: readonly Finding[] = []

export const CALLED: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', note: 'Note' }

/** The findings about the backward pass; all others show in a value. */
const BACKWARD: ReadonlySet<string> = new Set([
  'gradient-none',
  'missing-zero-grad',
  'dead-relu',
  'gradient-zero',
  'saturated-activation',
  'vanishing-gradient',
  'exploding-gradient',
])

/** "2 findings: 1 error, 1 warning"; nothing of none. */
export function summary(findings: readonly Finding[]): string {
  if (findings.length === 0) return ''
  const counts = SEVERITIES.flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length
    return count === 0 ? [] : [counted(count, severity)]
  })
  return `${counted(findings.length, 'finding')}: ${counts.join(', ')}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** "Warning: No gradient … Use …", as it is read out. */
export function inWords({ severity, why, todo }: Finding): string {
  return `${CALLED[severity]}: ${why} ${todo}`
}

/** The findings at a node of the graph of this number. */
export function at(findings: readonly Finding[], graph: number, node: string): readonly Finding[] {
  return findings.filter((one) => one.graph === graph && one.node === node)
}

/** Return the nodes of a graph that have findings, each with the severity of the worst one. */
export function severitiesIn(findings: readonly Finding[], graph: number): ReadonlyMap<string, Severity> {
  const severities = new Map<string, Severity>()
  for (const { node, graph: of, severity } of findings)
    if (of === graph && node !== null) severities.set(node, worse(severities.get(node), severity))
  return severities
}

/** "In iteration 3 (epoch 0, batch 2) and in 4 more, of 20". Nothing of a program that has only one. */
export function whenItShows({ iteration, iterations }: Finding, all: NamedIterations): string {
  if (iteration === null || all.length < 2) return ''
  if (iterations >= all.length) return 'In every iteration'
  const more = iterations > 1 ? ` and in ${iterations - 1} more` : ''
  return `In ${iterationName(all, iteration)}${more}, of ${all.length}`
}

/** The iteration, from 0, in which a finding can be looked at; null where it can in the one on show. */
export function iterationOf({ iteration, graph }: Finding, head: SnapshotHead, shown: number): number | null {
  if (iteration !== null) return iteration
  if (graph === null || head.iterations[shown]?.graph === graph) return null
  return head.iterations.find((one) => one.graph === graph)?.index ?? null
}

/** Return the step, from 0, at which a finding shows in an iteration; null when it has none. */
export function stepOf({ code, graph, node, line }: Finding, timeline: Timeline): number | null {
  const { steps } = timeline
  const own = graph === timeline.graph.id ? node : null
  if (own !== null) {
    const [value, gradient] = [stepOfValue(steps, own), stepOfGradient(steps, own)]
    const found = BACKWARD.has(code) ? (gradient ?? value) : (value ?? gradient)
    if (found !== null) return found
  }
  return line === null ? null : stepOfLine(steps, line, -1)
}

/**
 * Return the findings of the run before, at the places that are the same in the run now: until the server has looked at that one,
 * marks stay where they are. What stood in a line that was changed is gone.
 */
export function carried(
  findings: readonly Finding[],
  before: SnapshotHead | null,
  now: SnapshotHead,
): readonly Finding[] {
  if (findings.length === 0 || before === null) return NO_FINDINGS
  if (before.id === now.id) return findings
  const origins = originalLines(before.program.source, now.program.source)
  const stays = (finding: Finding): Finding[] => {
    const line = finding.line === null ? null : lineAfterEdit(origins, finding.line)
    if (line === null && finding.line !== null) return []
    const [from, to] = [graphIn(before, finding.graph), graphIn(now, finding.graph)]
    const within = iterationIn(now, finding.iteration)
    if (from === null || to === null) return [{ ...finding, line, graph: null, node: null, others: [], ...within }]
    return [{ ...finding, line, node: finding.node && sameNode(from, moved(to, origins), finding.node), ...within }]
  }
  return findings.flatMap(stays)
}

function iterationIn(head: SnapshotHead, iteration: number | null): Partial<Finding> {
  return iteration !== null && iteration < head.iterations.length ? {} : { iteration: null }
}

function graphIn(head: SnapshotHead, id: number | null): Graph | null {
  return head.graphs.find((one) => one.id === id) ?? null
}

/** A graph whose nodes stand in the lines that they had before the edit. */
function moved(graph: Graph, origins: readonly (number | null)[]): Graph {
  const nodes = graph.nodes.map((node) =>
    node.line === null ? node : { ...node, line: origins[node.line - 1] ?? null },
  )
  return { ...graph, nodes }
}
