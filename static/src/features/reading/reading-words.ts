/** A tensor in words for screen readers: a number, a few numbers one after another, or a summary. Pure. */

import type { Element, Tensor } from '../../core/contract'
import { formatNumber, formOf } from '../../core/numbers'
import { elementCount, statsOf } from '../../core/tensors'

/** More numbers than anybody keeps in mind while they are read out. */
const WRITTEN_OUT = 16

/** "2.42", "a vector of 3: 1, 2, 3", "a 10×5 matrix, from −0.31 to 0.31, mean 0.0042". */
export function tensorInWords(tensor: Tensor): string {
  const { data, shape } = tensor
  if (data?.length === 1) return formatNumber(data[0] as Element)
  const form = shape.length === 0 ? 'a number' : formOf(shape)
  if (elementCount(shape) === 0) return `${form}, without any number`
  if (data === null || data.length > WRITTEN_OUT) return `${form}${inShort(tensor)}`
  return `${form}: ${rowsOf(data, shape)}`
}

/** Return the rows of a matrix; more dimensions stand in brackets, as PyTorch prints them. */
function rowsOf(data: readonly Element[], shape: readonly number[]): string {
  const listed = (numbers: readonly Element[]) => numbers.map((x) => formatNumber(x)).join(', ')
  if (shape.length < 2) return listed(data)
  const width = shape.at(-1) ?? 1
  const rows = Array.from({ length: data.length / width }, (_, i) => listed(data.slice(i * width, (i + 1) * width)))
  if (shape.length === 2) return rows.map((row, i) => `row ${i + 1}: ${row}`).join('; ')
  return nested(
    rows.map((row) => `[${row}]`),
    shape.slice(0, -1),
  )
}

function nested(parts: readonly string[], shape: readonly number[]): string {
  if (shape.length === 0) return parts.join(', ')
  const size = shape.at(-1) ?? 1
  const outer = Array.from(
    { length: parts.length / size },
    (_, i) => `[${parts.slice(i * size, (i + 1) * size).join(', ')}]`,
  )
  return nested(outer, shape.slice(0, -1))
}

function inShort(tensor: Tensor): string {
  const stats = statsOf(tensor)
  if (stats === null) return ', whose numbers were not recorded'
  const { min, max, mean, nans, infs } = stats
  const same = min !== null && min === max && nans + infs === 0
  if (same) return `, all ${formatNumber(min as Element)}`
  const range = min === null || max === null ? ', no finite number' : `, from ${said(min)} to ${said(max)}`
  const middle = mean === null ? '' : `, mean ${said(mean)}`
  return `${range}${middle}${nans > 0 ? `, ${nans} NaN` : ''}${infs > 0 ? `, ${infs} infinite` : ''}`
}

function said(x: unknown): string {
  return formatNumber(x as Element)
}
