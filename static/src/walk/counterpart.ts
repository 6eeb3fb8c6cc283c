/** Counterparts of nodes and steps in another iteration, whose graph may differ. Pure. */

import type { Graph, Iteration, Node } from '../core/contract'

/**
 * The node of `to` that is what `id` is in `from`: the same operation of the same line, or the same variable; of several
 * the one at the same place among them. Null when there is none.
 */
export function sameNode(from: Graph, to: Graph, id: string): string | null {
  if (from === to) return id
  const node = from.nodes.find((one) => one.id === id)
  if (node === undefined) return null
  return among(from, to, node, sameOperation) ?? (node.name === null ? null : among(from, to, node, sameVariable))
}

/**
 * The step of `to` that does what step number `step` does in `from`; where it has none, the nearest step before that it
 * has. From 0.
 */
export function sameStep(graphs: { from: Graph; to: Graph }, from: Iteration, to: Iteration, step: number): number {
  const last = Math.max(0, to.steps.length - 1)
  if (graphs.from === graphs.to) return Math.min(Math.max(0, step), last)
  return stepLike((node) => sameNode(graphs.from, graphs.to, node), from, to, step)
}

/** Return the counterpart of a step; `nodeIn` maps a node of `from` to one of `to`. */
export function stepLike(
  nodeIn: (node: string) => string | null,
  from: Iteration,
  to: Iteration,
  step: number,
): number {
  for (let at = Math.min(step, from.steps.length - 1); at >= 0; at -= 1) {
    const wanted = from.steps[at]
    const node = wanted && nodeIn(wanted.node)
    const found = to.steps.findIndex(
      (one) => one.node === node && one.kind === wanted?.kind && one.pass === wanted.pass,
    )
    if (found !== -1) return found
  }
  return 0
}

type Alike = (a: Node, b: Node) => boolean

const sameOperation: Alike = (a, b) => a.kind === b.kind && a.op === b.op && a.name === b.name && a.line === b.line
/** A tensor that one iteration computes may be an input of the next one. */
const sameVariable: Alike = (a, b) => a.name === b.name && a.line === b.line

function among(from: Graph, to: Graph, node: Node, alike: Alike): string | null {
  const place = from.nodes.filter((one) => alike(one, node)).indexOf(node)
  return to.nodes.filter((one) => alike(one, node))[place]?.id ?? null
}
