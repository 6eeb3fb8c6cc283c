/** The numbers of a run under the ids of the common graph and the steps of the common timeline. Pure. */

import type { BackwardPass, Iteration, Observations } from '../../core/contract'
import type { Union } from './union-graph'

export function translate(body: Iteration, { nodes, edges, graph }: Union): Iteration {
  const node = (id: string) => nodes.get(id) ?? id
  const edge = (id: string) => edges.get(id) ?? id
  const passOf = (pass: BackwardPass): BackwardPass => ({
    ...pass,
    root: { ...pass.root, node: node(pass.root.node) },
    roots: pass.roots.map((root) => ({ ...root, node: node(root.node) })),
    seeds: renamed(pass.seeds, node),
    gradients: renamed(pass.gradients, node),
    contributions: renamed(pass.contributions, edge),
    accumulated: renamed(pass.accumulated, node),
  })
  return {
    ...body,
    graph: graph.id,
    values: renamed(body.values, node),
    inside: renamed(body.inside ?? {}, node),
    backward: body.backward.map(passOf),
    changes: body.changes?.map((change) => ({ ...change, node: node(change.node) })) ?? [],
    updates: body.updates.map((update) => ({ ...update, node: node(update.node) })),
    steps: body.steps.map((step) => ({ ...step, node: node(step.node), edges: step.edges.map(edge) })),
  }
}

/**
 * Return observations for the common timeline. `steps`: the number there of each step of the run. `union`: the ids of the common graph,
 * where they are not those of the run.
 */
export function translateObservations(
  { iteration, non_finite, no_gradient, stale_gradients, sentences = [] }: Observations,
  steps: readonly number[],
  union: Pick<Union, 'nodes' | 'edges'> = { nodes: new Map(), edges: new Map() },
): Observations {
  const node = (id: string) => union.nodes.get(id) ?? id
  const step = (index: number) => steps[index] ?? index
  return {
    iteration,
    non_finite: non_finite.map((one) => ({
      ...one,
      node: node(one.node),
      edge: one.edge && (union.edges.get(one.edge) ?? one.edge),
      step: step(one.step),
    })),
    no_gradient: no_gradient.map((one) => ({ ...one, node: node(one.node) })),
    stale_gradients: stale_gradients.map((one) => ({ ...one, node: node(one.node), step: step(one.step) })),
    sentences: sentences.map((one) => ({ ...one, step: step(one.step) })),
  }
}

function renamed<T>(items: Readonly<Record<string, T>>, name: (id: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(items).map(([id, item]) => [name(id), item]))
}
