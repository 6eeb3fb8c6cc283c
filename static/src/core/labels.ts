/** Labels of nodes in formulas: the variable, else the operation, "x × w". Pure. */

import type { Edge, Graph, Node } from './contract'
import { formatNumber } from './numbers'
import { operationOf } from './operations'

/** The label of a node: "w", "fc1.weight" for `net.fc1.weight`, "x × w", "relu(h)", "linear". */
export function labelOf(graph: Graph, id: string): string {
  const node = nodeOf(graph, id)
  if (node === undefined) return id
  return node.name === null ? computed(graph, node) : node.name.slice(node.name.indexOf('.') + 1)
}

/** Return the node with an id; undefined when the graph has none. */
export function nodeOf(graph: Graph, id: string | null): Node | undefined {
  return id === null ? undefined : indexOf(graph).nodes.get(id)
}

interface Index {
  nodes: ReadonlyMap<string, Node>
  /** By target, in the order of the edges. */
  edges: ReadonlyMap<string, readonly Edge[]>
}

/** Indices by graph: a search asks for the labels of all its nodes, which may be ten thousand. */
const indices = new WeakMap<Graph, Index>()

function indexOf(graph: Graph): Index {
  const known = indices.get(graph)
  if (known !== undefined) return known
  const edges = new Map<string, Edge[]>()
  for (const edge of graph.edges) {
    const row = edges.get(edge.target)
    if (row === undefined) edges.set(edge.target, [edge])
    else row.push(edge)
  }
  const index = { nodes: new Map(graph.nodes.map((node) => [node.id, node])), edges }
  indices.set(graph, index)
  return index
}

function computed(graph: Graph, node: Node): string {
  const op = node.op ?? node.kind
  const { infix, right } = operationOf(op)
  const edges = indexOf(graph).edges.get(node.id) ?? []
  const names = edges.map((edge) => nodeOf(graph, edge.source)?.name ?? null)
  if (names.length === 0 || names.some((name) => name === null)) return op
  const numbers = Object.entries(node.arguments).filter(([, argument]) => typeof argument === 'number')
  const onTheRight = numbers.filter(([name]) => name === right)
  // Any other number, as alpha of add, makes it more than its sign says.
  if (numbers.length > onTheRight.length) return op
  const operands = [...names, ...onTheRight.map(([, number]) => formatNumber(number as number))]
  if (infix !== null && operands.length === 2) return operands.join(` ${infix} `)
  return operands.length === 1 ? `${op}(${operands[0]})` : op
}

/** A label as part of a formula: in brackets where it is more than a name. */
export function bracketed(label: string): string {
  return / /.test(label) ? `(${label})` : label
}
