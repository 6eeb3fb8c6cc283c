/** The next gradient that reaches a node, and why none does. Pure. Steps count from 0. */

import type { Graph } from '../core/contract'
import type { Timeline } from './model'

/**
 * The nearest step after (1) or before (−1) `from` in which a contribution arrives at `node`, or its gradient is complete; null
 * when this iteration has none.
 */
export function gradientFrom(timeline: Timeline, node: string, from: number, direction: 1 | -1): number | null {
  for (let at = from + direction; at >= 0 && at < timeline.steps.length; at += direction)
    if (reaches(timeline, node, at)) return at
  return null
}

function reaches({ steps, edges, iteration }: Timeline, node: string, at: number): boolean {
  const step = steps[at]
  if (step === undefined || step.pass === null) return false
  const contributions = iteration.backward[step.pass]?.contributions
  return (
    step.node === node || step.edges.some((id) => edges.get(id)?.source === node && contributions?.[id] !== undefined)
  )
}

/** Return the reason why no gradient reaches a node in this iteration; null when one does. */
export function whyNone(timeline: Timeline, node: string): string | null {
  if (gradientFrom(timeline, node, -1, 1) !== null) return null
  const { nodes, iteration, graph } = timeline
  const found = nodes.get(node)
  const name = found?.name ?? found?.op ?? 'this node'
  if (iteration.backward.length === 0) return `No gradient reaches ${name}: this iteration has no backward pass.`
  if (found?.requires_grad === false)
    return `No gradient reaches ${name}: it does not require one, so backward leaves it out.`
  const roots = new Set(iteration.backward.flatMap((pass) => pass.roots.map((root) => root.node)))
  const [first] = roots
  const root = nodes.get(first ?? '')?.name ?? 'the loss'
  if (reached(graph, node, () => true).every((id) => !roots.has(id)))
    return `No gradient reaches ${name}: nothing leads from it to ${root}, where backward starts.`
  const open = reached(graph, node, (id) => nodes.get(id)?.requires_grad ?? false)
  if (open.some((id) => roots.has(id))) return `No gradient reaches ${name}: this pass did not compute one for it.`
  const stop = stopOf(graph, new Set(open), (id) => nodes.get(id)?.requires_grad ?? false)
  const where = stop === null ? 'an operation' : (nodes.get(stop)?.op ?? 'an operation')
  return `No gradient reaches ${name}: on its way to ${root}, ${where} gives a result that no gradient goes back through.`
}

/** The node and all that is computed from it through nodes that are `passable`. */
function reached(graph: Graph, node: string, passable: (id: string) => boolean): string[] {
  const takers = new Map<string, string[]>()
  for (const { source, target } of graph.edges) takers.set(source, [...(takers.get(source) ?? []), target])
  const seen = new Set([node])
  for (const at of seen) for (const next of takers.get(at) ?? []) if (passable(next)) seen.add(next)
  return [...seen]
}

/** The first node that takes from `open` and does not belong to it, though it is no end. */
function stopOf(graph: Graph, open: ReadonlySet<string>, passable: (id: string) => boolean): string | null {
  return graph.edges.find(({ source, target }) => open.has(source) && !passable(target))?.target ?? null
}
