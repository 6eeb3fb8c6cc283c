/** Sizes of the cells of a number table: fixed in the panel, as large as possible in the large view. Pure. */

/** The content of a table. `lines`: per cell. `letters`, `head`: of its longest number and row header (0: none). */
export interface Holding {
  rows: number
  columns: number
  lines: number
  letters: number
  head: number
}

/** In pixels. `top`: of the row of headers. */
export interface Sizes {
  font: number
  line: number
  column: number
  row: number
  head: number
  top: number
}

/** The width of a letter of a monospaced font, relative to the font size. */
const LETTER = 0.61
const LINE = 1.45
const SMALL = { font: 12, across: 10, down: 6 }
const LARGE = { font: 16, across: 20, down: 8 }
const LARGEST_FONT = 30

/** `room`: for the whole table, null in the panel. */
export function sizesOf(holding: Holding, room: { width: number; height: number } | null): Sizes {
  const { across, down } = room === null ? SMALL : LARGE
  const font = room === null ? SMALL.font : fitting(holding, room)
  const line = Math.ceil(font * LINE)
  const wide = (letters: number) => Math.ceil(letters * font * LETTER) + across
  return {
    font,
    line,
    column: wide(holding.letters),
    row: line * holding.lines + down,
    head: wide(holding.head),
    top: line + down,
  }
}

/** The largest font with which all of it is in sight. */
function fitting(
  { rows, columns, lines, letters, head }: Holding,
  { width, height }: { width: number; height: number },
) {
  const across = (width - (columns + 1) * LARGE.across) / ((columns * letters + head) * LETTER)
  const down = (height - (rows + 1) * LARGE.down) / ((rows * lines + 1) * LINE)
  return Math.max(LARGE.font, Math.min(LARGEST_FONT, Math.floor(Math.min(across, down)) - 1))
}
