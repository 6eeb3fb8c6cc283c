/** The drawing of a tensor beside a card: a number, cells with numbers, or a small heatmap with its shape. */

import { type Selection, select } from 'd3-selection'
import { divergingColour, inkOn, scaleOf } from '../core/colours'
import type { Tensor } from '../core/contract'
import { formatNumber, formatShape, formatShort, toNumber } from '../core/numbers'
import type { Theme } from '../core/theme'
import { anomalyOf } from '../walk/anomalies'
import { drawFrame, drawGlyph, specialNumberOf } from './special-numbers'

export type Kind = 'value' | 'gradient'

/** The space that a tensor takes, and the cells that it is cut into. */
export interface Block {
  width: number
  height: number
  rows: number
  columns: number
  look: 'number' | 'cells' | 'heatmap'
}

/** The gap between a card and the numbers above and below it. */
export const NUMBERS_GAP = 5
const NUMBER = { width: 64, height: 22 }
const CELL = { width: 64, height: 22 }
/** The most letters of a number inside a cell. */
const CELL_LETTERS = 6
const SHAPE_TEXT = 17
/** The average width of a letter of the shape. */
const SHAPE_LETTER = 8.8
const MOST_ROWS = 8
const MOST_COLUMNS = 16

/** Return the block of a shape. It depends on nothing else, so that a layout does not move when numbers change. Pure. */
export function blockOf(shape: readonly number[]): Block {
  const columns = shape.at(-1) ?? 1
  const count = shape.reduce((a, b) => a * b, 1)
  const rows = columns === 0 ? 0 : count / columns
  if (count === 1) return { ...NUMBER, rows: 1, columns: 1, look: 'number' }
  if (count > 0 && columns <= 3 && rows <= 3) {
    return { width: columns * CELL.width, height: rows * CELL.height + 2, rows, columns, look: 'cells' }
  }
  const [drawnRows, drawnColumns] = [Math.min(rows, MOST_ROWS), Math.min(columns, MOST_COLUMNS)]
  const cell = Math.max(4, Math.min(12, 96 / Math.max(drawnColumns, 1), 40 / Math.max(drawnRows, 1)))
  return {
    width: Math.max(44, drawnColumns * cell, formatShape(shape).length * SHAPE_LETTER),
    height: drawnRows * cell + SHAPE_TEXT,
    rows: drawnRows,
    columns: drawnColumns,
    look: 'heatmap',
  }
}

/** What each group shows now. The tensor is compared by identity, for another snapshot has the same ids. */
const drawn = new WeakMap<SVGGElement, { tensor: Tensor | undefined; kind: Kind; theme: Theme }>()

/** Draw `tensor` centred at x = 0, from y = 0 downwards, into a group of its own. */
export function drawTensor(group: SVGGElement, tensor: Tensor | undefined, kind: Kind, theme: Theme): void {
  const before = drawn.get(group)
  if (before?.tensor === tensor && before?.kind === kind && before?.theme === theme) return
  drawn.set(group, { tensor, kind, theme })
  const root = select(group)
  root.selectAll('*').remove()
  if (tensor === undefined) return
  const block = blockOf(tensor.shape)
  if (tensor.data === null && block.look === 'heatmap' && isUsual(tensor)) drawHollow(root, tensor, kind, block)
  else if (block.look === 'number' || tensor.data === null) drawText(root, tensor, kind, block)
  else drawCells(root, tensor, kind, block, theme)
}

type Root = Selection<SVGGElement, unknown, null, undefined>

function isUsual(tensor: Tensor): boolean {
  const { zero, notFinite } = anomalyOf(tensor)
  return !zero && notFinite.length === 0
}

/** Draw an empty frame over the shape of a tensor whose numbers were not sent. */
function drawHollow(root: Root, tensor: Tensor, kind: Kind, block: Block): void {
  root
    .append('rect')
    .attr('class', `hollow framed ${kind}`)
    .attr('x', -block.width / 2)
    .attr('width', block.width)
    .attr('height', block.height - SHAPE_TEXT)
  drawShape(root, tensor, kind, block)
}

function drawShape(root: Root, tensor: Tensor, kind: Kind, block: Block): void {
  root
    .append('text')
    .attr('class', `shape ${kind}`)
    .attr('y', block.height - 3)
    .text(formatShape(tensor.shape))
}

function drawText(root: Root, tensor: Tensor, kind: Kind, block: Block): void {
  const only = tensor.data?.length === 1 ? tensor.data[0] : undefined
  const text = only === undefined ? manyText(tensor) : formatNumber(only)
  const odd = only === undefined ? null : specialNumberOf(only)
  const spoiled = only === undefined && anomalyOf(tensor).notFinite.length > 0
  // only a gradient that is zero has a ring: it ends a path back, and a value of zero can be read as it is
  if (odd !== null && block.look === 'number' && (odd !== 'zero' || kind === 'gradient'))
    drawFrame(root, odd, text.length)
  root
    .append('text')
    .attr(
      'class',
      `number ${kind} ${only === undefined ? 'small' : ''} ${spoiled || (odd ?? 'zero') !== 'zero' ? 'odd' : ''}`,
    )
    .attr('y', block.look === 'number' ? 17 : block.height / 2 + 5)
    .text(text)
}

/** Return a text such as "64×64 numbers", or "64×64 NaN" when there is something among them that must not be missed. */
function manyText(tensor: Tensor): string {
  const { zero, notFinite } = anomalyOf(tensor)
  const what = notFinite.length > 0 ? notFinite.join(' ') : zero ? 'all 0' : 'numbers'
  return `${formatShape(tensor.shape)} ${what}`
}

function drawCells(root: Root, tensor: Tensor, kind: Kind, block: Block, theme: Theme): void {
  const data = tensor.data ?? []
  const columns = tensor.shape.at(-1) ?? 1
  const rows = columns === 0 ? 0 : data.length / columns
  const numbers = data.map(toNumber)
  const scale = scaleOf(numbers)
  const heat = block.look === 'heatmap'
  const width = block.width / Math.max(1, block.columns)
  const height = (block.height - (heat ? SHAPE_TEXT : 2)) / Math.max(1, block.rows)
  for (let r = 0; r < block.rows; r += 1) {
    for (let c = 0; c < block.columns; c += 1) {
      // a large tensor is shown by evenly spaced rows and columns
      const at = Math.floor((r * rows) / block.rows) * columns + Math.floor((c * columns) / block.columns)
      const x = numbers[at] ?? 0
      const [left, top] = [c * width - block.width / 2, r * height]
      const odd = specialNumberOf(data[at] ?? 0)
      root
        .append('rect')
        .attr('class', `cell ${heat ? '' : `framed ${kind}`} ${odd ?? ''}`)
        .attr('x', left)
        .attr('y', top)
        .attr('width', width)
        .attr('height', height)
        .attr('fill', divergingColour(x, scale, theme))
      if (heat && odd !== null) drawGlyph(root, odd, { x: left, y: top, width, height })
      if (!heat && odd === 'zero') drawGlyph(root, 'zero', { x: left, y: top - 8, width, height: height + 16 })
      if (heat) continue
      const text = root
        .append('text')
        .attr('class', 'in-cell')
        .attr('x', left + width / 2)
        .attr('y', top + height / 2 + 5.5)
      // a style and not an attribute, for the style sheet has a colour for all text
      if (odd === null || odd === 'zero') text.style('fill', inkOn(x, scale, theme))
      else text.classed('odd', true)
      text.text(formatShort(data[at] ?? 0, CELL_LETTERS))
    }
  }
  if (heat) drawShape(root, tensor, kind, block)
}
