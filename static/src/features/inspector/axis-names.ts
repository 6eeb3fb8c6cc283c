/** The meaning of the rows and columns of a parameter, where it is certain. Pure. */

import type { Graph } from '../../core/contract'

/** A word before the index of a row or a column; null where it is the plain index. */
export interface Axes {
  rows: string | null
  columns: string | null
}

export const PLAIN: Axes = { rows: null, columns: null }

/**
 * Torch's `linear(input, weight, bias)` has weights of shape [out, in] and one bias per output. What is used in any
 * other way too has plain indices.
 */
export function axesOf(graph: Graph, node: string): Axes {
  const uses = graph.edges.filter((edge) => edge.source === node)
  const as = (argument: string) =>
    uses.length > 0 && uses.every((edge) => edge.argument === argument && operation(graph, edge.target) === 'linear')
  if (as('weight')) return { rows: 'out', columns: 'in' }
  return as('bias') ? { rows: null, columns: 'out' } : PLAIN
}

function operation(graph: Graph, node: string): string | null | undefined {
  return graph.nodes.find((one) => one.id === node)?.op
}

/** "out 0", or "0". */
export function header(axis: string | null, index: number): string {
  return axis === null ? String(index) : `${axis} ${index}`
}
