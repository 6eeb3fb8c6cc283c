/** The look of tensors: view, slice and cell. Elements that draw receive it, and ask for changes by events. */

import type { Cell } from '../../core/cells'
import type { Tensor } from '../../core/contract'
import { elementCount } from '../../core/tensors'
import type { Member } from './tensor-pairs'

export type View = 'heads' | 'table' | 'heatmap' | 'histogram'

export const VIEWS: readonly [View, string][] = [
  ['table', 'Table'],
  ['heatmap', 'Heatmap'],
  ['histogram', 'Histogram'],
]

/** The views of attention weights: the usual ones, and the heads side by side. */
export const VIEWS_OF_ATTENTION: readonly [View, string][] = [['heads', 'Heads'], ...VIEWS]

export interface Look {
  /** Null until the reader has chosen one. */
  view: View | null
  /** The index at which each leading dimension is held. */
  held: readonly number[]
  /** The cell under the pointer or the keys; null where they are elsewhere. */
  cell: Cell | null
  /** The cell of this slice whose number the reader wants explained. */
  picked: Cell | null
}

export const FIRST_LOOK: Look = { view: null, held: [], cell: null, picked: null }

/** A tensor of a pair with its numbers. */
export type Whole = Member & { tensor: Tensor & { data: NonNullable<Tensor['data']> } }

/** More numbers than this are first shown as a heatmap. */
const FEW = 64

/** Return the view of a tensor: the reader's choice, or one by its shape. */
export function viewOf({ view }: Look, shape: readonly number[], heads = false): View {
  if (heads && view === null) return 'heads'
  return (heads || view !== 'heads' ? view : null) ?? (elementCount(shape) > FEW ? 'heatmap' : 'table')
}

/** The members whose numbers are here. */
export function wholes(members: readonly Member[], found: ReadonlyMap<Tensor, Tensor>): Whole[] {
  return members.flatMap((member) => {
    const tensor = member.tensor.data === null ? found.get(member.tensor) : member.tensor
    return tensor?.data ? [{ ...member, tensor: { ...tensor, data: tensor.data } }] : []
  })
}

/** Ask the owner of the look for a change. */
export function ask(source: EventTarget, change: Partial<Look>): void {
  source.dispatchEvent(new CustomEvent<Partial<Look>>('look', { detail: change }))
}
