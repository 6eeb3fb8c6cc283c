/** The pairs of tensors of a node that are shown together: each value with its gradient. Pure. */

import type { Tensor } from '../../core/contract'
import { isSingle, sameNumbers } from '../../core/tensors'
import { type Facts, gradientName } from './node-facts'

export type Kind = 'value' | 'grad'

/** One tensor of a pair. */
export interface Member {
  name: string
  kind: Kind
  tensor: Tensor
}

/**
 * The content of one card: a value, a gradient, or both, of one shape. `key`: which of the node's cards it is. `output`: which of the
 * node's results; null for what is inside of it.
 */
export interface Pair {
  key: string
  output: number | null
  members: readonly Member[]
}

/** The tensors of a node worth a card, those with more than one number: each output's value and gradient, what is inside, `.grad`. */
export function pairsOf({ node, label, values, gradients, inside, accumulated }: Facts): Pair[] {
  const outputs = Array.from({ length: Math.max(values?.length ?? 0, gradients.length) }, (_, i) => i)
  const several = outputs.length > 1
  const pairs = outputs.map((output): Pair => {
    const own = several ? `output ${output}` : (node.name ?? label)
    const value = member(several ? own : 'value', 'value', values?.[output])
    const gradient = member(several ? `∂L/∂(${own})` : gradientName(label), 'grad', gradients[output])
    return { key: `output ${output}`, output, members: [...value, ...gradient] }
  })
  for (const [name, tensor] of inside) pairs.push({ key: name, output: null, members: member(name, 'value', tensor) })
  // right after the first pass they are the same numbers: nothing to see twice
  if (accumulated && !(gradients[0] && sameNumbers(gradients[0], accumulated)))
    pairs.push({ key: 'grad', output: 0, members: member(`${node.name ?? label}.grad`, 'grad', accumulated) })
  return pairs.filter(({ members }) => members.some(({ tensor }) => !isSingle(tensor)))
}

function member(name: string, kind: Kind, tensor: Tensor | null | undefined): Member[] {
  return tensor ? [{ name, kind, tensor }] : []
}
