/** The occasion of an explanation: what happened to a node at a step, and the path of its explanation. Pure. */

import type { AnyExplanation, Explanation, Step } from '../../core/contract'
import type { ChosenElement } from '../../page/node-parts'
import type { Timeline } from '../../walk/model'

export interface Occasion {
  what: 'value' | 'gradient' | 'update'
  node: string
  /** The backward pass of a gradient, from 0; null for other occasions. */
  pass: number | null
  /** Below the explanations of the iteration. */
  path: string
  /** The edges at which the chain rule is explained: an operation's contributions go on along them, a leaf's came. */
  edges: readonly string[]
  /** True if the edges lead from the node: then the contributions along them have the node's own shape. */
  fromNode: boolean
}

const NO_STEP: readonly Step['kind'][] = ['leaf']

/** Return the last occasion at `node` up to `step`, from 0. Null when there is nothing to explain. */
export function occasionOf(
  timeline: Timeline,
  step: number,
  node: string,
  chosen: ChosenElement | null,
): Occasion | null {
  const last = timeline.steps.findLast((one) => one.index <= step && one.node === node)
  if (last === undefined || NO_STEP.includes(last.kind)) return null
  const found = { node, edges: [], fromNode: false, pass: null }
  const done = timeline.steps.filter((one) => isUpdateOf(one, node) && one.index <= step).length
  // a gradient that was changed is explained with the update that uses it
  const used = last.kind === 'change' && timeline.steps.some((one) => isUpdateOf(one, node) && one.index > step)
  if (last.kind === 'update' || used) {
    const number = used ? done : done - 1
    return { ...found, what: 'update', path: `updates/${node}${query({ number, element: chosen?.index })}` }
  }
  if (last.kind === 'change') {
    const pass = timeline.passes[step]
    return pass === null || pass === undefined ? null : gradientOf(timeline, pass, node, chosen)
  }
  if (last.pass !== null) return gradientOf(timeline, last.pass, node, chosen)
  if (timeline.graph.nodes.some(({ id, failed }) => id === node && failed)) return null
  return {
    ...found,
    what: 'value',
    path: `nodes/${node}${query({ output: chosen?.output ?? 0, element: chosen?.index })}`,
  }
}

/** Return the path of the chain rule at an edge; `index`: the element, null for the largest. */
export function edgePath(edge: string, pass: number, index: readonly number[] | null): string {
  return `${edge}${query({ pass, element: index ?? undefined })}`
}

/** Return the path at which the local derivative of an explanation is measured. */
export function measurementPath({ edge, pass, element }: Explanation): string {
  return edgePath(`${edge}/measurements`, pass, element)
}

/** The element to be explained at an edge until the reader chooses one: the same as at the node where that can be. */
export function sameElement({ fromNode }: Occasion, told: AnyExplanation, shape: readonly number[] | null) {
  return fromNode || String(told.shape) === String(shape) ? told.element : null
}

function gradientOf(timeline: Timeline, pass: number, node: string, chosen: ChosenElement | null): Occasion | null {
  const { gradients, contributions } = timeline.iteration.backward[pass] ?? {}
  const arrived = (gradients?.[node] ?? []).map((one, output) => (one ? output : -1)).filter((output) => output >= 0)
  const first = arrived[0]
  if (first === undefined) return null
  const output = chosen !== null && arrived.includes(chosen.output) ? chosen.output : first
  const element = chosen?.output === output ? chosen.index : undefined
  const isLeaf = timeline.graph.nodes.some(({ id, kind }) => id === node && kind !== 'operation')
  const ends = timeline.graph.edges.filter((edge) => (isLeaf ? edge.source : edge.target) === node)
  const edges = ends.map(({ id }) => id).filter((id) => contributions?.[id])
  const path = `nodes/${node}${query({ pass, output, element })}`
  return { what: 'gradient', node, pass, path, edges, fromNode: isLeaf }
}

function isUpdateOf(step: Step, node: string): boolean {
  return step.kind === 'update' && step.node === node
}

function query(parts: Record<string, number | readonly number[] | undefined>): string {
  const given = Object.entries(parts).flatMap(([key, x]) => (x === undefined ? [] : `${key}=${String(x)}`))
  return `?${given.join('&')}`
}
