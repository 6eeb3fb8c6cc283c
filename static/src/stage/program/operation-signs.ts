/** The text on the card of an operation: its sign as on a blackboard, else its name. */

import type { Node } from '../../core/contract'
import { baseName, isInPlace, operationOf } from '../../core/operations'

/** An operation of a backward pass that is itself differentiable is named after the autograd node that ran. */
const DERIVATIVE = /^(.+?)Backward\d*$/

/** Return the sign of a node: that of its operation, or the name of a leaf. An in-place operation carries its underscore. */
export function signOf(node: Pick<Node, 'op' | 'name'>): string {
  if (node.op === null) return node.name?.split('.').at(-1) ?? '·'
  const derived = DERIVATIVE.exec(node.op)?.[1]?.toLowerCase()
  if (derived !== undefined) return `∂${operationOf(derived).sign ?? derived}`
  const sign = operationOf(node.op).sign ?? baseName(node.op)
  return isInPlace(node.op) ? `${sign}_` : sign
}
