/** The differences as a table: the loss, and of every parameter its value and its gradient, the largest difference first. Pure. */

import type { Iteration, Tensor } from '../../core/contract'
import { formatNumber } from '../../core/numbers'
import { statsOf } from '../../core/tensors'
import { isNumber, seriesOf } from '../../ui/chart/series'
import { scalar } from '../../walk/lookup'
import type { Run } from '../../walk/model'
import { cellOf as cellText, differenceOf, signed, sizeOf } from './difference'
import type { Shown } from './difference-marks'
import type { Union } from './union-graph'

/** One quantity in both runs. Numbers of a tensor are its norm; `delta` is of its elements. */
export interface Cell {
  a: string
  b: string
  delta: string
  /** True if there is no difference. */
  same: boolean
  size: number
}

export interface Row {
  node: string
  name: string
  /** The name in run B, where it differs. */
  other: string | null
  only: Run | null
  /** True if the numbers are norms of whole tensors. */
  norm: boolean
  value: Cell
  gradient: Cell
}

const NOTHING = '–'

/** Every parameter of either run as it stands at a step. */
export function rowsOf(union: Union, a: Shown, b: Shown): Row[] {
  const parameters = union.graph.nodes.filter(({ kind }) => kind === 'parameter')
  const rows = parameters.map(({ id }): Row => {
    const [one, other] = [union.own.a.get(id), union.own.b.get(id)]
    const name = one?.name ?? other?.name ?? 'a tensor'
    const only = union.only.a.has(id) ? 'A' : union.only.b.has(id) ? 'B' : null
    const [before, after] = [a.values.get(id)?.[0], b.values.get(id)?.[0]]
    const gradients = [a, b].map((shown) => shown.accumulated.get(id) ?? shown.gradients.get(id)) as Pair
    return {
      node: id,
      name,
      other: only === null && other?.name && other.name !== name ? other.name : null,
      only,
      norm: [before, after, ...gradients].some((tensor) => tensor !== undefined && scalar(tensor) === null),
      value: cellOf(before, after),
      gradient: cellOf(...gradients),
    }
  })
  const largest = ({ value, gradient }: Row) => Math.max(value.size, gradient.size)
  return rows.sort((x, y) => largest(y) - largest(x))
}

type Pair = [Tensor | undefined, Tensor | undefined]

function cellOf(a: Tensor | undefined, b: Tensor | undefined): Cell {
  const texts = { a: numberOf(a), b: numberOf(b) }
  if (a === undefined || b === undefined) return { ...texts, delta: NOTHING, same: true, size: 0 }
  const difference = differenceOf(a, b)
  const same = difference.kind === 'same' || difference.kind === 'alike'
  return {
    ...texts,
    delta: cellText(difference),
    same,
    size: sizeOf(difference),
  }
}

function numberOf(tensor: Tensor | undefined): string {
  if (tensor === undefined) return NOTHING
  const norm = scalar(tensor) ?? statsOf(tensor)?.norm ?? null
  return norm === null ? NOTHING : formatNumber(norm)
}

/** The loss of both iterations. */
export function lossOf(a: Iteration, b: Iteration): Cell {
  const [one, other] = seriesOf([a.loss, b.loss], 2) as [number | null, number | null]
  const text = (loss: number | null) => (loss === null ? NOTHING : formatNumber(loss))
  const both = { a: text(one), b: text(other) }
  if (one === null || other === null) return { ...both, delta: NOTHING, same: true, size: 0 }
  if (Object.is(one, other)) return { ...both, delta: '=', same: true, size: 0 }
  const delta = other - one
  return {
    ...both,
    delta: signed(delta),
    same: false,
    size: isNumber(delta) ? Math.abs(delta) : Number.POSITIVE_INFINITY,
  }
}
