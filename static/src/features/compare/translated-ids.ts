/** The numbers of B under the ids of the common graph. Pure. */

import type { BackwardPass, Iteration } from '../../core/contract'
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
    updates: body.updates.map((update) => ({ ...update, node: node(update.node) })),
    steps: body.steps.map((step) => ({ ...step, node: node(step.node), edges: step.edges.map(edge) })),
  }
}

function renamed<T>(items: Readonly<Record<string, T>>, name: (id: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(items).map(([id, item]) => [name(id), item]))
}
