/**
 * One level of a drawing: boxes and links laid out in columns from left to right (Sugiyama, Tagawa, Toda 1981). Pure.
 *
 * Ranks by longest path, long links bent at way-points, crossings reduced by barycentre sweeps, heights by isotonic
 * regression, which gives each column the least squares distance to its neighbours in the given order.
 */

export interface Box {
  id: string
  width: number
  height: number
  /** `first` and `last` keep a box at the left or right end: the doors of a room. */
  hold?: 'first' | 'last'
}

/**
 * A link between two boxes. `from` and `to` are box ids; `fromY` and `toY` say where the link touches them, from the box's top. Links
 * of one trunk that leave the same box run together until each reaches its column.
 */
export interface Link {
  id: string
  trunk: string
  from: string
  to: string
  fromY: number
  toY: number
}

export interface Placed {
  width: number
  height: number
  /** The top left corner of each box. */
  boxes: ReadonlyMap<string, { x: number; y: number }>
  /** The points of each link, from the right edge of its first column to the left edge of its last: level in columns, bent between. */
  runs: ReadonlyMap<string, readonly { x: number; y: number }[]>
  /** The number of spaces between columns that are as wide as the gap. */
  gaps: number
}

interface Cell extends Box {
  rank: number
  y: number
  before: Touch[]
  after: Touch[]
}

interface Touch {
  cell: Cell
  /** The heights at which the link touches this cell and the other one, from their tops. */
  here: number
  there: number
}

const ROW_GAP = 18
const BEND_HEIGHT = 14
const SWEEPS = 12
/** With more cells (boxes and bends) than these, the order and the heights get half of the sweeps: all of them would take seconds. */
const MANY = 3000
/** Heights that differ by less than this are drawn as one. */
const LEVEL = 1

/** The boxes in their columns, in order and at their heights: everything that does not depend on widths. */
export interface Columns {
  cells: ReadonlyMap<string, Cell>
  bends: ReadonlyMap<string, readonly Cell[]>
  columns: readonly (readonly Cell[])[]
  height: number
}

/** Put the boxes into columns. Links never form a cycle. */
export function columnsOf(boxes: readonly Box[], links: readonly Link[]): Columns {
  const cells = new Map(boxes.map((b) => [b.id, { ...b, rank: 0, y: 0, before: [], after: [] } as Cell]))
  rank(cells, links)
  const bends = connect(cells, links)
  const all = [...cells.values(), ...[...bends.values()].flat()]
  const sweeps = all.length > MANY ? SWEEPS / 2 : SWEEPS
  const columns = order(all, sweeps)
  return { cells, bends, columns, height: place(columns, sweeps) }
}

/** Lay out boxes that stand in `columns`, which are `gap` apart. Only the widths may differ from those of `columnsOf`. */
export function spread(
  { cells, bends, columns, height }: Columns,
  boxes: readonly Box[],
  links: readonly Link[],
  gap: number,
): Placed {
  for (const { id, width } of boxes) (cells.get(id) as Cell).width = width
  const { lefts, widths, width, gaps } = across(columns, gap)
  const left = (c: Cell) => lefts[c.rank] ?? 0
  const right = (c: Cell) => left(c) + (widths[c.rank] ?? 0)
  const run = (link: Link) => {
    const [first, last] = [cells.get(link.from) as Cell, cells.get(link.to) as Cell]
    const between = (bends.get(trunkOf(link)) ?? []).slice(0, Math.max(0, last.rank - first.rank - 1)).flatMap((c) => {
      const y = c.y + c.height / 2
      return [
        { x: left(c), y },
        { x: right(c), y },
      ]
    })
    return [{ x: right(first), y: first.y + link.fromY }, ...between, { x: left(last), y: last.y + link.toY }]
  }
  return {
    width,
    height,
    gaps,
    boxes: new Map(boxes.map((b) => [b.id, corner(cells.get(b.id) as Cell, lefts, widths)])),
    runs: new Map(links.map((l) => [l.id, run(l)])),
  }
}

function trunkOf({ trunk, from, fromY }: Link): string {
  return `${from} ${fromY} ${trunk}`
}

function corner(cell: Cell, lefts: readonly number[], widths: readonly number[]): { x: number; y: number } {
  const left = lefts[cell.rank] ?? 0
  const spare = (widths[cell.rank] ?? 0) - cell.width
  if (cell.hold === 'first') return { x: left, y: cell.y }
  // a leaf stands at the side of the box that takes it
  const right = cell.hold === 'last' || (cell.before.length === 0 && cell.after.length > 0)
  return { x: left + (right ? spare : spare / 2), y: cell.y }
}

/** Return the column of each box: its longest path from the left. A box without inputs stands right before the first that takes it. */
function rank(cells: Map<string, Cell>, links: readonly Link[]): void {
  const incoming = new Map<string, number>()
  const outgoing = new Map<string, Cell[]>()
  for (const { from, to } of links) {
    const row = outgoing.get(from)
    if (row === undefined) outgoing.set(from, [cells.get(to) as Cell])
    else row.push(cells.get(to) as Cell)
    incoming.set(to, (incoming.get(to) ?? 0) + 1)
  }
  const waiting = new Map(incoming)
  const ready = [...cells.values()].filter((cell) => !incoming.has(cell.id))
  for (let cell = ready.pop(); cell !== undefined; cell = ready.pop()) {
    for (const target of outgoing.get(cell.id) ?? []) {
      target.rank = Math.max(target.rank, cell.rank + 1)
      const left = (waiting.get(target.id) ?? 0) - 1
      waiting.set(target.id, left)
      if (left === 0) ready.push(target)
    }
  }
  let last = 0
  for (const cell of cells.values()) {
    const takers = outgoing.get(cell.id)
    if (takers !== undefined && !incoming.has(cell.id) && cell.hold !== 'first')
      cell.rank = least(takers, (c) => c.rank) - 1
    last = Math.max(last, cell.rank)
  }
  for (const cell of cells.values()) if (cell.hold === 'last') cell.rank = Math.max(cell.rank, last)
}

function least<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((min, item) => Math.min(min, value(item)), Number.POSITIVE_INFINITY)
}

/** Chain every trunk through one bend per column, up to the last column that it leads to; its links branch off. */
function connect(cells: Map<string, Cell>, links: readonly Link[]): Map<string, Cell[]> {
  const bends = new Map<string, Cell[]>()
  for (const link of links) {
    const [from, to] = [cells.get(link.from) as Cell, cells.get(link.to) as Cell]
    const row = bends.get(trunkOf(link)) ?? []
    bends.set(trunkOf(link), row)
    const touch = (of: Cell | undefined) => (of === undefined ? link.fromY : BEND_HEIGHT / 2)
    for (let at = from.rank + 1 + row.length; at < to.rank; at += 1) {
      const id = `${trunkOf(link)}@${at}`
      const bend: Cell = { id, width: 0, height: BEND_HEIGHT, rank: at, y: 0, before: [], after: [] }
      const previous = row.at(-1)
      join(previous ?? from, bend, touch(previous), BEND_HEIGHT / 2)
      row.push(bend)
    }
    const last = row[to.rank - from.rank - 2]
    join(last ?? from, to, touch(last), link.toY)
  }
  return bends
}

function join(from: Cell, to: Cell, fromY: number, toY: number): void {
  from.after.push({ cell: to, here: fromY, there: toY })
  to.before.push({ cell: from, here: toY, there: fromY })
}

/** Return the columns, each in the order that the best of several sweeps gave. */
function order(cells: readonly Cell[], sweeps: number): Cell[][] {
  const columns: Cell[][] = []
  for (const cell of cells) {
    while (columns.length <= cell.rank) columns.push([])
    columns[cell.rank]?.push(cell)
  }
  let best = columns.map((c) => [...c])
  let fewest = crossings(columns)
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep += 1) {
    const forwards = sweep % 2 === 0
    const at = positions(columns)
    for (const column of forwards ? columns : [...columns].reverse()) {
      const key = new Map(
        column.map((c, i) => [
          c,
          mean(
            (forwards ? c.before : c.after).map((t) => (at.get(t.cell) ?? 0) + t.there / 1e4),
            i,
          ),
        ]),
      )
      column.sort((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0))
      for (const [i, cell] of column.entries()) at.set(cell, i)
    }
    const crossed = crossings(columns)
    if (crossed < fewest) [fewest, best] = [crossed, columns.map((c) => [...c])]
  }
  return best
}

function positions(columns: readonly (readonly Cell[])[]): Map<Cell, number> {
  return new Map(columns.flatMap((column) => column.map((cell, i) => [cell, i] as const)))
}

function mean(numbers: readonly number[], otherwise: number): number {
  return numbers.length === 0 ? otherwise : numbers.reduce((a, b) => a + b, 0) / numbers.length
}

/** Return how many pairs of links cross between neighbouring columns. */
function crossings(columns: readonly (readonly Cell[])[]): number {
  const at = positions(columns)
  let count = 0
  for (const column of columns) {
    const ends = column.flatMap((cell) =>
      cell.after.map((t) => (at.get(t.cell) ?? 0) + t.there / 1e4).sort((a, b) => a - b),
    )
    count += inversions(ends)
  }
  return count
}

/** Return how many pairs stand in the wrong order. Sorts `row` while counting (merge sort). */
function inversions(row: number[]): number {
  if (row.length < 2) return 0
  const right = row.splice(row.length >> 1)
  let count = inversions(row) + inversions(right)
  const left = [...row]
  let [i, j] = [0, 0]
  for (let at = 0; at < left.length + right.length; at += 1) {
    const [a, b] = [left[i] ?? Number.POSITIVE_INFINITY, right[j] ?? Number.POSITIVE_INFINITY]
    if (a <= b) i += 1
    else {
      j += 1
      count += left.length - i
    }
    row[at] = Math.min(a, b)
  }
  return count
}

/** Give every cell its y, by sweeps that bring each column near its neighbours. Returns the height of the whole. */
function place(columns: readonly Cell[][], sweeps: number): number {
  for (const column of columns) {
    let y = 0
    for (const cell of column) {
      cell.y = y
      y += cell.height + ROW_GAP
    }
  }
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const last = sweep === sweeps - 1
    for (const column of sweep % 2 === 0 ? columns : [...columns].reverse()) {
      settleColumn(column, (c) => {
        const touches = last || sweep < 2 ? [...c.before, ...c.after] : sweep % 2 === 0 ? c.before : c.after
        return touches.length > 0 ? level(c, touches) : beside(c)
      })
    }
  }
  for (const column of columns) if (column.every((c) => c.hold !== undefined)) settleColumn(column, beside)
  const all = columns.flat()
  const top = least(all, (c) => c.y)
  for (const cell of all) cell.y -= top
  return all.reduce((low, c) => Math.max(low, c.y + c.height), 0)
}

/** Return the height at which the links of `touches` run level, on average. */
function level(cell: Cell, touches: readonly Touch[]): number {
  return mean(
    touches.map((t) => t.cell.y + t.there - t.here),
    cell.y,
  )
}

function beside(cell: Cell): number {
  return level(cell, [...cell.before, ...cell.after])
}

/** Put a column as near to the wished heights as its order and gaps allow (pool adjacent violators). */
function settleColumn(column: readonly Cell[], wish: (cell: Cell) => number): void {
  const pools: { sum: number; count: number }[] = []
  let offset = 0
  for (const cell of column) {
    let pool = { sum: wish(cell) - offset, count: 1 }
    offset += cell.height + ROW_GAP
    for (let above = pools.at(-1); above && above.sum / above.count > pool.sum / pool.count; above = pools.at(-1)) {
      pool = { sum: above.sum + pool.sum, count: above.count + pool.count }
      pools.pop()
    }
    pools.push(pool)
  }
  let [at, depth] = [0, 0]
  for (const { sum, count } of pools) {
    for (const cell of column.slice(at, at + count)) {
      cell.y = sum / count + depth
      depth += cell.height + ROW_GAP
    }
    at += count
  }
}

function across(columns: readonly (readonly Cell[])[], gap: number) {
  const widths = columns.map((column) => Math.max(0, ...column.map((c) => c.width)))
  const lefts: number[] = []
  let [x, gaps] = [0, 0]
  for (const [i, width] of widths.entries()) {
    if (i > 0 && (bent(columns[i - 1] ?? []) || ((widths[i - 1] ?? 0) > 0 && width > 0))) {
      x += gap
      gaps += 1
    }
    lefts.push(x)
    x += width
  }
  return { lefts, widths, width: x, gaps }
}

/** Tell whether a link bends after this column. Beside doors whose links all run level, no space is needed. */
function bent(column: readonly Cell[]): boolean {
  return column.some((c) => c.after.some((t) => Math.abs(t.cell.y + t.there - c.y - t.here) > LEVEL))
}
