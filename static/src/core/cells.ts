/** Finding one's way in a slice of a tensor: cells, what a key does to them, which of them are in sight, their index. Pure. */

export interface Cell {
  row: number
  column: number
}

/** The cell that a key leads to from `cell`, null where it is no such key. `page`: rows of a Page Up. */
export function moved(
  cell: Cell,
  { key, ctrlKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey'>,
  { rows, columns }: { rows: number; columns: number },
  page: number,
): Cell | null {
  const [last, end] = [rows - 1, columns - 1]
  const { row, column } = cell
  const to: Record<string, Cell> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - page, column },
    PageDown: { row: row + page, column },
    Home: ctrlKey ? { row: 0, column: 0 } : { row, column: 0 },
    End: ctrlKey ? { row: last, column: end } : { row, column: end },
  }
  const found = to[key]
  return found === undefined ? null : { row: held(found.row, last), column: held(found.column, end) }
}

/** Which rows (or columns) are in sight: from `from` up to and without `to`. All in pixels, `size` of one of `count`. */
export function inSight(scrolled: number, extent: number, size: number, count: number): { from: number; to: number } {
  const BEYOND = 2
  const from = Math.max(0, Math.min(count - 1, Math.floor(scrolled / size)) - BEYOND)
  return { from, to: Math.min(count, Math.max(from + 1, Math.ceil((scrolled + extent) / size) + BEYOND)) }
}

/** Return how far to scroll, as little as possible, to bring the range from `start` to `end` into view. */
export function scrolledTo(start: number, end: number, scrolled: number, extent: number): number {
  if (start < scrolled) return start
  return end > scrolled + extent ? end - extent : scrolled
}

/** "[0, :, :]": the slice of a tensor of this shape, as Python writes it; null where the slice is all of it. */
export function sliceText(shape: readonly number[], held: readonly number[]): string | null {
  const leading = Math.max(0, shape.length - 2)
  if (leading === 0) return null
  return `[${shape.map((_, d) => (d < leading ? (held[d] ?? 0) : ':')).join(', ')}]`
}

/** "[0, 2, 1]": the index of a cell in the whole tensor; "" for a single number. */
export function indexText(shape: readonly number[], held: readonly number[], { row, column }: Cell): string {
  return shape.length === 0 ? '' : `[${indexAt(shape, held, { row, column }).join(', ')}]`
}

/** The index of a cell in the whole tensor, one number per dimension. */
export function indexAt(shape: readonly number[], held: readonly number[], { row, column }: Cell): number[] {
  const leading = shape.slice(0, Math.max(0, shape.length - 2)).map((_, d) => held[d] ?? 0)
  return [...leading, ...(shape.length === 0 ? [] : shape.length === 1 ? [column] : [row, column])]
}

/** The index of the flat, row-major position `at`. */
export function indexOf(at: number, shape: readonly number[]): number[] {
  const index: number[] = []
  let rest = at
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return index
}

function held(x: number, last: number): number {
  return Math.max(0, Math.min(x, last))
}
