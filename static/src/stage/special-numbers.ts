/** The drawing of numbers that are exactly zero, not a number or infinite: they differ by form first and by colour second. */

import type { Selection } from 'd3-selection'
import type { Element } from '../core/contract'
import { toNumber } from '../core/numbers'

type Root = Selection<SVGGElement, unknown, null, undefined>

export type SpecialNumber = 'zero' | 'nan' | 'plus' | 'minus'

/** Return the kind of a special number; null for a usual one. False is an answer and no zero. */
export function specialNumberOf(element: Element): SpecialNumber | null {
  if (typeof element === 'boolean') return null
  const x = toNumber(element)
  if (x === 0) return 'zero'
  if (Number.isNaN(x)) return 'nan'
  if (Number.isFinite(x)) return null
  return x > 0 ? 'plus' : 'minus'
}

/** Return the path of a form around the middle of a cell: a ring, a cross, or a triangle that points up or down. Pure. */
export function glyphOf(odd: SpecialNumber, x: number, y: number, size: number): string {
  const r = size * (odd === 'zero' ? 0.22 : 0.34)
  if (odd === 'zero') return `M${x - r},${y}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0`
  if (odd === 'nan') return `M${x - r},${y - r}l${2 * r},${2 * r}M${x - r},${y + r}l${2 * r},${-2 * r}`
  const tip = odd === 'plus' ? -r : r
  return `M${x - r},${y - tip}h${2 * r}L${x},${y + tip}Z`
}

/** Draw the form of a special number in a cell. */
export function drawGlyph(
  root: Root,
  odd: SpecialNumber,
  cell: { x: number; y: number; width: number; height: number },
): void {
  const size = Math.min(cell.width, cell.height)
  root
    .append('path')
    .attr('class', `glyph ${odd}`)
    .attr('d', glyphOf(odd, cell.x + cell.width / 2, cell.y + cell.height / 2, size))
}

/** Draw a frame behind a number that stands alone: dashed when it is not finite, a ring around a gradient that is zero. */
export function drawFrame(root: Root, odd: SpecialNumber, letters: number): void {
  const width = odd === 'zero' ? 22 : letters * 12 + 14
  root
    .append('rect')
    .attr('class', `odd-frame ${odd}`)
    .attr('x', -width / 2)
    .attr('y', 0.5)
    .attr('width', width)
    .attr('height', 21)
    .attr('rx', odd === 'zero' ? 10.5 : 4)
}
