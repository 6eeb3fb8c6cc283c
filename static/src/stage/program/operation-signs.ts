/** The signs on the cards of operations: as on a blackboard where there is one, otherwise the name. */

import type { Node } from '../../core/contract'

const SIGNS: Readonly<Record<string, string>> = {
  mul: '×',
  add: '+',
  sub: '−',
  rsub: '−',
  div: '÷',
  neg: '−x',
  matmul: '@',
  mm: '@',
  bmm: '@',
  pow: 'xⁿ',
  square: 'x²',
  sqrt: '√',
  exp: 'eˣ',
  log: 'ln',
  abs: '|x|',
  sum: 'Σ',
  mean: 'mean',
  sigmoid: 'σ',
  tanh: 'tanh',
  relu: 'ReLU',
  gelu: 'GELU',
  leaky_relu: 'LReLU',
  softmax: 'softmax',
  linear: 'Wx+b',
  binary_cross_entropy: 'BCE',
  binary_cross_entropy_with_logits: 'BCE σ',
  cross_entropy: 'CE',
  mse_loss: 'MSE',
  l1_loss: 'L1',
  nll_loss: 'NLL',
  T: 'Xᵀ',
  mT: 'Xᵀ',
  transpose: 'Xᵀ',
  t: 'Xᵀ',
  gt: '>',
  lt: '<',
  ge: '≥',
  le: '≤',
  eq: '=',
  ne: '≠',
  __getitem__: '[ ]',
  __setitem__: '[ ]=',
  detach: 'detach',
}

/** An operation of a backward pass that is itself differentiable is named after the autograd node that ran. */
const DERIVATIVE = /^(.+?)Backward\d*$/

/** Return the sign of a node: that of its operation, or the name of a leaf. An in-place operation carries its underscore. */
export function signOf(node: Pick<Node, 'op' | 'name'>): string {
  if (node.op === null) return node.name?.split('.').at(-1) ?? '·'
  const derived = DERIVATIVE.exec(node.op)?.[1]?.toLowerCase()
  if (derived !== undefined) return `∂${SIGNS[derived] ?? derived}`
  const base = node.op.endsWith('_') && !node.op.endsWith('__') ? node.op.slice(0, -1) : node.op
  const sign = SIGNS[base] ?? base
  return base === node.op ? sign : `${sign}_`
}
