/** The spoken name of a node: "multiplication, z, value 2.42, gradient −0.0817, inputs w and x, line 12". Pure. */

import type { Graph, Node, Tensor } from '../../core/contract'
import { labelOf } from '../../core/labels'
import { formatTensorLabel } from '../../core/numbers'
import { baseName, isInPlace, operationOf } from '../../core/operations'

/** The most inputs that are named: nobody keeps more in mind. */
const MOST_INPUTS = 4

/** Return the words for an operation, or for the kind of a leaf. */
export function wordsFor({ op, kind }: Pick<Node, 'op' | 'kind'>): string {
  if (op === null) return kind
  const word = operationOf(op).word ?? baseName(op).replaceAll('_', ' ').trim()
  return isInPlace(op) ? `${word} in place` : word
}

/** Return the numbers of a card as the end of its name. */
export function spokenNumbers(value: Tensor | undefined, gradient: Tensor | undefined): string {
  const shown = value ? `, value ${formatTensorLabel(value)}` : ''
  return `${shown}${gradient ? `, gradient ${formatTensorLabel(gradient)}` : ''}`
}

/** Return the whole name of a node's card. */
export function spokenNode(graph: Graph, node: Node, value: Tensor | undefined, gradient: Tensor | undefined): string {
  const name = node.name === null ? '' : `, ${node.name}`
  const line = node.line === null ? '' : `, line ${node.line}`
  const failed = node.failed ? ', fails here' : ''
  return `${wordsFor(node)}${name}${failed}${spokenNumbers(value, gradient)}${spokenInputs(graph, node.id)}${line}`
}

/** Return the inputs of a node as a part of its name, ", inputs w and x"; an empty text when there are none. */
function spokenInputs(graph: Graph, id: string): string {
  const names = inputsOf(graph, id).map((input) => labelOf(graph, input))
  if (names.length === 0) return ''
  if (names.length > MOST_INPUTS) return `, ${names.length} inputs`
  return names.length === 1 ? `, input ${names[0]}` : `, inputs ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** The inputs of the nodes of each graph. */
const inputs = new WeakMap<Graph, ReadonlyMap<string, readonly string[]>>()

/** Return the nodes that flow into a node, in the order of its arguments. */
export function inputsOf(graph: Graph, id: string): readonly string[] {
  let known = inputs.get(graph)
  if (known === undefined) {
    const rows = new Map<string, string[]>()
    for (const { source, target } of graph.edges) {
      const row = rows.get(target)
      if (row === undefined) rows.set(target, [source])
      else row.push(source)
    }
    known = rows
    inputs.set(graph, known)
  }
  return known.get(id) ?? []
}
