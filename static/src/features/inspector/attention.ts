/** Recognition of attention weights: how strongly each place looks at each other, a square per head. Pure. */

import type { Graph, Tensor } from '../../core/contract'
import { nodeOf } from '../../core/labels'
import { toNumber } from '../../core/numbers'
import { operationOf } from '../../core/operations'
import { sliceOf } from '../../core/tensors'
import { namesFor } from './tokens'

/** The labels of the rows and columns of attention weights; null where they are plain indices. */
export interface Attention {
  rows: readonly string[] | null
  columns: readonly string[] | null
}

/** More cells than this are no picture for the side of a page. */
const MOST_CELLS = 4096
/** The arguments in which the weights are on the left of a product. */
const LEFT: ReadonlySet<string> = new Set(['self', 'input', 'tensors'])

/**
 * The attention whose weights `tensor` is: what a softmax over the last dimension gives and a product takes as its left factor, or
 * what a fused attention has inside (`key`: "weights"). Of shape (..., heads, queries, keys); two dimensions are one head.
 */
export function attentionOf(graph: Graph, node: string, key: string, tensor: Tensor, source: string): Attention | null {
  const { shape } = tensor
  const [queries = 0, keys = 0] = [shape.at(-2), shape.at(-1)]
  const heads = shape.at(-3) ?? 1
  if (queries < 2 || keys < 2 || heads * queries * keys > MOST_CELLS) return null
  if (key !== 'weights' && !(key === 'output 0' && isMixing(graph, node, shape.length))) return null
  return { rows: namesFor(source, queries), columns: namesFor(source, keys) }
}

function isMixing(graph: Graph, id: string, dimensions: number): boolean {
  const node = nodeOf(graph, id)
  const dim = node?.arguments.dim
  return node?.op === 'softmax' && (dim === -1 || dim === dimensions - 1) && mixes(graph, id)
}

function mixes(graph: Graph, id: string): boolean {
  return graph.edges
    .filter(({ source }) => source === id)
    .some(({ target, argument }) => {
      const part = operationOf(nodeOf(graph, target)?.op).attention
      return (part === 'mixes' && LEFT.has(argument)) || (part === 'passes' && mixes(graph, target))
    })
}

/** The weights of one head: rows of numbers. */
export type Head = readonly (readonly number[])[]

/** The heads of the weights at the index `held` of the dimensions before them. Empty without numbers. */
export function headsOf(tensor: Tensor, held: readonly number[]): Head[] {
  const before = Math.max(0, tensor.shape.length - 3)
  const count = tensor.shape.at(-3) ?? 1
  const batch = Array.from({ length: before }, (_, d) => held[d] ?? 0)
  return Array.from({ length: count }, (_, head) => sliceOf(tensor, [...batch, head])).flatMap((slice) =>
    slice === null
      ? []
      : [
          Array.from({ length: slice.rows }, (_, row) =>
            Array.from({ length: slice.columns }, (__, column) => toNumber(slice.at(row, column))),
          ),
        ],
  )
}
