/** The facts about a node at a step of the walk, gathered for the inspector. Pure. */

import type { AutogradNode, Graph, Node, Tensor, Update } from '../../core/contract'
import { bracketed, labelOf, nodeOf } from '../../core/labels'
import { updateText } from '../../walk/annotations'
import { scalar, updateAt } from '../../walk/lookup'
import type { Timeline } from '../../walk/model'
import { stepOfValue } from '../../walk/steps'
import { frameAt } from '../../walk/timeline'

/** One way by which a gradient goes on from an operation to the node that feeds it. */
export interface Passing {
  edge: string
  /** The node that receives the contribution. */
  to: string
  label: string
  contribution: Tensor
  /** contribution ÷ upstream, where both are single finite numbers and upstream is not 0. */
  local: number | null
}

/** One contribution that came back to a node. */
export interface Contribution {
  edge: string
  /** The operation that it came from. */
  from: string
  label: string
  tensor: Tensor
}

export interface Facts {
  node: Node
  label: string
  /** The line of the program that makes the node, without its indentation. */
  expression: string | null
  /** Null until the walk has come to it. */
  values: readonly Tensor[] | null
  /** Intermediate tensors of a fused operation by name: the weights of an attention. Empty before its value is computed. */
  inside: readonly (readonly [string, Tensor])[]
  /** The step, from 0, in which the value appears. */
  valueStep: number | null
  gradient: Tensor | null
  /** One per output, null where none arrived; empty until they are there. */
  gradients: readonly (Tensor | null)[]
  gradientStep: number | null
  /** The leaf's `.grad`. */
  accumulated: Tensor | null
  /** The contributions to this node's gradient so far, in the order of arrival. */
  contributions: readonly Contribution[]
  /** The contributions of this node to others; empty before its backward step. */
  passings: readonly Passing[]
  update: { update: Update; formula: string } | null
  autograd: readonly AutogradNode[]
}

/** Gathers the facts of `node` as they stand at the end of `step`, from 0. Null when the graph has no such node. */
export function factsOf(timeline: Timeline, step: number, node: string, source: string): Facts | null {
  const { graph } = timeline
  const found = nodeOf(graph, node)
  if (found === undefined) return null
  const frame = frameAt(timeline, step, 1)
  const gradient = frame.gradients.get(node) ?? null
  return {
    node: found,
    label: labelOf(graph, node),
    expression: found.line === null ? null : (source.split('\n')[found.line - 1]?.trim() ?? null),
    values: frame.values.get(node) ?? null,
    inside: frame.values.has(node) ? Object.entries(timeline.iteration.inside?.[node] ?? {}) : [],
    valueStep: stepOfValue(timeline.steps, node),
    gradient,
    gradients: gradient === null ? [] : gradientsOf(timeline, step, node, gradient),
    gradientStep: gradientStep(timeline, node),
    accumulated: frame.accumulated.get(node) ?? null,
    contributions: contributionsTo(timeline, step, node),
    passings: passingsFrom(timeline, step, node, gradient),
    update: updateOf(timeline, step, node),
    autograd: found.autograd,
  }
}

/** The name of a gradient in a formula: "∂L/∂z", "∂L/∂(x × w)". */
export function gradientName(label: string): string {
  return `∂L/∂${bracketed(label)}`
}

function passAt(timeline: Timeline, step: number): number | null {
  return timeline.passes[step] ?? null
}

/** Return the gradients of all outputs: they arrive together. */
function gradientsOf(timeline: Timeline, step: number, node: string, first: Tensor): readonly (Tensor | null)[] {
  const pass = passAt(timeline, step)
  const all = pass === null ? undefined : timeline.iteration.backward[pass]?.gradients[node]
  return all?.includes(first) ? all : [first]
}

function gradientStep(timeline: Timeline, node: string): number | null {
  return timeline.gradients.get(node)?.[0]?.step ?? null
}

function contributionsTo(timeline: Timeline, step: number, node: string): Contribution[] {
  const pass = passAt(timeline, step)
  if (pass === null) return []
  const arrived = (timeline.arrivals[pass]?.get(node) ?? []).filter((arrival) => arrival.step <= step)
  return arrived.map(({ edge, tensor }) => {
    const from = timeline.edges.get(edge)?.target ?? ''
    return { edge, from, label: labelOf(timeline.graph, from), tensor }
  })
}

function passingsFrom(timeline: Timeline, step: number, node: string, gradient: Tensor | null): Passing[] {
  const pass = passAt(timeline, step)
  const done = timeline.steps.some(
    (s) => s.index <= step && s.kind === 'backward' && s.node === node && s.pass === pass,
  )
  if (pass === null || !done) return []
  const contributions = timeline.iteration.backward[pass]?.contributions ?? {}
  return incoming(timeline.graph, node).flatMap(({ id, source }) => {
    const contribution = contributions[id]
    if (contribution === undefined) return []
    const local = quotient(scalar(contribution), scalar(gradient))
    return [{ edge: id, to: source, label: labelOf(timeline.graph, source), contribution, local }]
  })
}

function incoming(graph: Graph, node: string) {
  return graph.edges.filter((edge) => edge.target === node)
}

function quotient(contribution: number | null, upstream: number | null): number | null {
  if (contribution === null || upstream === null || upstream === 0) return null
  const local = contribution / upstream
  return Number.isFinite(local) ? local : null
}

function updateOf(timeline: Timeline, step: number, node: string): Facts['update'] {
  const done = timeline.steps.findLast((s) => s.index <= step && s.kind === 'update' && s.node === node)
  const update = done && updateAt(timeline, done)
  return done && update ? { update, formula: updateText(timeline, done) } : null
}
