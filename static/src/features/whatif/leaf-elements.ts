/** The numbers of a node that can be changed by hand, and the reason why the others cannot. Pure. */

import type { Graph, Iteration, Node, SnapshotHead, Tensor } from '../../core/contract'
import { iterationName } from '../../core/iteration-names'
import { elementCount } from '../../core/tensors'
import { isFloat } from './dtype-rounding'

/** A tensor whose numbers can be dragged, or a sentence that says why not; `first`: the iteration, from 0, in which they can. */
export type Draggable =
  | { name: string; tensor: Tensor; why: null }
  | { name: string | null; why: string; first: number | null }

/** Return whether a node is a leaf, about which the card has something to say. */
export function isLeaf(node: Node): boolean {
  return node.op === null
}

/** Leaves by name, for each graph: every node of the graph is checked for whether it can be dragged. */
const leaves = new WeakMap<Graph, ReadonlyMap<string, Node>>()

/** The leaf that an override of this name means, within one iteration: the first. */
export function leafNamed(graph: Graph | undefined, name: string): Node | undefined {
  if (graph === undefined) return undefined
  const known = leaves.get(graph)
  if (known !== undefined) return known.get(name)
  const found = new Map<string, Node>()
  for (const node of graph.nodes)
    if (isLeaf(node) && node.name !== null && !found.has(node.name)) found.set(node.name, node)
  leaves.set(graph, found)
  return found.get(name)
}

export function graphOf(head: SnapshotHead, body: Pick<Iteration, 'graph'> | undefined): Graph | undefined {
  return head.graphs.find(({ id }) => id === body?.graph)
}

/** The first iteration, from 0, that has a leaf of this name; null when none has. */
export function firstUse(head: SnapshotHead, name: string): number | null {
  const having = new Set(head.graphs.filter((graph) => leafNamed(graph, name)).map(({ id }) => id))
  return head.iterations.find(({ graph }) => having.has(graph))?.index ?? null
}

/** Return the element of `node` that can be changed in the iteration `body` of a run, or the reason why none can. */
export function draggableOf(head: SnapshotHead, body: Iteration, node: Node): Draggable {
  const { name } = node
  const no = (why: string, first: number | null = null): Draggable => ({ name, why, first })
  if (name === null) return no('This leaf has no name in the program, so no change can be told to mean it.')
  const first = firstUse(head, name)
  if (first !== null && first < body.index)
    return no(
      `A what-if changes ${name} at its first use, which is in ${iterationName(head.iterations, first)}.`,
      first,
    )
  if (leafNamed(graphOf(head, body), name)?.id !== node.id)
    return no(`Another leaf called ${name} comes before this one: a what-if would change that one.`)
  const tensor = body.values[node.id]?.[0]
  if (tensor === undefined) return no('It has no value in this iteration.')
  if (!isFloat(tensor.dtype)) return no(reasonOf(tensor.dtype))
  const count = elementCount(tensor.shape)
  if (count === 0) return no('It holds no number: one of its sizes is 0.')
  if (tensor.device === 'meta') return no('On “meta” a tensor has no numbers, so there is none to change.')
  if (tensor.data === null)
    return no(
      `Its ${count.toLocaleString('en')} numbers are too many to be dragged here. ` +
        `A script can set each of them: gradwalk run --set '${name}[…]=…'.`,
    )
  return { name, tensor, why: null }
}

/** The index of an element, one number per dimension, from its place in the flat row-major data. */
export function indexOf(flat: number, shape: readonly number[]): number[] {
  let rest = flat
  const fromLast = shape.toReversed().map((size) => {
    const at = rest % size
    rest = Math.floor(rest / size)
    return at
  })
  return fromLast.reverse()
}

/** The opposite. */
export function flatOf(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((flat, i, dimension) => flat * (shape[dimension] ?? 1) + i, 0)
}

function reasonOf(dtype: string): string {
  if (dtype === 'bool') return 'It is true or false: between the two there is nothing to drag through, and no gradient.'
  if (/^u?int/.test(dtype))
    return `Its numbers are whole (${dtype}): they cannot change by a little, so they have no gradient.`
  return `Numbers of the dtype ${dtype} cannot be dragged: the page knows float64, float32, float16 and bfloat16.`
}
