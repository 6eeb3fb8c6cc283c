/** What a node is called in a formula: its variable, else what it computes, "x × w". Pure. */

import type { Graph, Node } from '../api/types'

const INFIX: Readonly<Record<string, string>> = {
  add: ' + ',
  sub: ' − ',
  mul: ' × ',
  div: ' ÷ ',
  matmul: ' @ ',
  mm: ' @ ',
  pow: ' ^ ',
}

/** The label of a node: "w", "fc1.weight" for `net.fc1.weight`, "x × w", "relu(h)", "linear". */
export function labelOf(graph: Graph, id: string): string {
  const node = nodeOf(graph, id)
  if (node === undefined) return id
  return node.name === null ? computed(graph, node) : node.name.slice(node.name.indexOf('.') + 1)
}

/** The node of an id; undefined when the graph has none. */
export function nodeOf(graph: Graph, id: string | null): Node | undefined {
  return id === null ? undefined : graph.nodes.find((node) => node.id === id)
}

function computed(graph: Graph, node: Node): string {
  const op = node.op ?? node.kind
  const names = graph.edges.filter((edge) => edge.target === node.id).map((edge) => nodeOf(graph, edge.source)?.name)
  const sign = INFIX[op]
  if (names.length === 0 || names.some((name) => !name)) return op
  if (sign !== undefined && names.length === 2) return names.join(sign)
  return names.length === 1 ? `${op}(${names[0]})` : op
}

/** A label as part of a formula: in brackets where it is more than a name. */
export function bracketed(label: string): string {
  return / /.test(label) ? `(${label})` : label
}
