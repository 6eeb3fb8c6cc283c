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
  /** `first` and `last` hold a box at the left or right end: the doors of a room. */
  hold?: 'first' | 'last'
}

/** `from` and `to` are box ids; `fromY` and `toY`: where the link touches them, from the box's top. */
export interface Link {
  id: string
  from: string
  to: string
  fromY: number
  toY: number
}

export interface Placed {
  width: number
  height: number
  /** Top left corner of each box. */
  boxes: ReadonlyMap<string, { x: number; y: number }>
  /** Every link from the right edge of its first column to the left edge of its last: level in columns, bent between. */
  runs: ReadonlyMap<string, readonly { x: number; y: number }[]>
  /** How many of the spaces between columns are as wide as the gap. */
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
  /** Where the link touches this cell and the other one, from their tops. */
  here: number
  there: number
}

const ROW_GAP = 18
const BEND_HEIGHT = 14
const SWEEPS = 12
/** Heights that differ by less are drawn as one. */
const LEVEL = 1

/** Lays out the boxes, their columns `gap` apart. Links never form a cycle. */
export function layers(boxes: readonly Box[], links: readonly Link[], gap: number): Placed {
  const cells = new Map(boxes.map((b) => [b.id, { ...b, rank: 0, y: 0, before: [], after: [] } as Cell]))
  rank(cells, links)
  const bends = connect(cells, links)
  const columns = order([...cells.values(), ...[...bends.values()].flat()])
  const height = place(columns)
  const { lefts, widths, width, gaps } = across(columns, gap)
  const left = (c: Cell) => lefts[c.rank] ?? 0
  const right = (c: Cell) => left(c) + (widths[c.rank] ?? 0)
  const run = ({ id, from, to, fromY, toY }: Link) => {
    const [first, last] = [cells.get(from) as Cell, cells.get(to) as Cell]
    const between = (bends.get(id) ?? []).flatMap((c) => {
      const y = c.y + c.height / 2
      return [
        { x: left(c), y },
        { x: right(c), y },
      ]
    })
    return [{ x: right(first), y: first.y + fromY }, ...between, { x: left(last), y: last.y + toY }]
  }
  return {
    width,
    height,
    gaps,
    boxes: new Map(boxes.map((b) => [b.id, corner(cells.get(b.id) as Cell, lefts, widths)])),
    runs: new Map(links.map((l) => [l.id, run(l)])),
  }
}

function corner(cell: Cell, lefts: readonly number[], widths: readonly number[]): { x: number; y: number } {
  const left = lefts[cell.rank] ?? 0
  const spare = (widths[cell.rank] ?? 0) - cell.width
  if (cell.hold === 'first') return { x: left, y: cell.y }
  // a leaf stands at the side of what takes it
  const right = cell.hold === 'last' || (cell.before.length === 0 && cell.after.length > 0)
  return { x: left + (right ? spare : spare / 2), y: cell.y }
}

/** Longest path from the left; a box that nothing leads to stands right before the first box that takes it. */
function rank(cells: Map<string, Cell>, links: readonly Link[]): void {
  const incoming = new Map<string, string[]>()
  const outgoing = new Map<string, string[]>()
  for (const { from, to } of links) {
    outgoing.set(from, [...(outgoing.get(from) ?? []), to])
    incoming.set(to, [...(incoming.get(to) ?? []), from])
  }
  const waiting = new Map([...cells.keys()].map((id) => [id, incoming.get(id)?.length ?? 0]))
  const ready = [...cells.keys()].filter((id) => waiting.get(id) === 0)
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    for (const next of outgoing.get(id) ?? []) {
      const [cell, target] = [cells.get(id) as Cell, cells.get(next) as Cell]
      target.rank = Math.max(target.rank, cell.rank + 1)
      const left = (waiting.get(next) ?? 0) - 1
      waiting.set(next, left)
      if (left === 0) ready.push(next)
    }
  }
  for (const cell of cells.values()) {
    const takers = outgoing.get(cell.id)?.map((id) => cells.get(id)?.rank ?? 0) ?? []
    if (!incoming.has(cell.id) && takers.length > 0 && cell.hold !== 'first') cell.rank = Math.min(...takers) - 1
  }
  const last = Math.max(0, ...[...cells.values()].map((c) => c.rank))
  for (const cell of cells.values()) if (cell.hold === 'last') cell.rank = Math.max(cell.rank, last)
}

/** Chains every link through a bend per column between its ends. */
function connect(cells: Map<string, Cell>, links: readonly Link[]): Map<string, Cell[]> {
  const bends = new Map<string, Cell[]>()
  for (const link of links) {
    const [from, to] = [cells.get(link.from) as Cell, cells.get(link.to) as Cell]
    const row: Cell[] = []
    let [previous, touch] = [from, link.fromY]
    for (let at = from.rank + 1; at < to.rank; at += 1) {
      const bend: Cell = {
        id: `${link.id}@${at}`,
        width: 0,
        height: BEND_HEIGHT,
        rank: at,
        y: 0,
        before: [],
        after: [],
      }
      join(previous, bend, touch, BEND_HEIGHT / 2)
      ;[previous, touch] = [bend, BEND_HEIGHT / 2]
      row.push(bend)
    }
    join(previous, to, touch, link.toY)
    bends.set(link.id, row)
  }
  return bends
}

function join(from: Cell, to: Cell, fromY: number, toY: number): void {
  from.after.push({ cell: to, here: fromY, there: toY })
  to.before.push({ cell: from, here: toY, there: fromY })
}

/** The columns, each in the order that the best of several sweeps gave. */
function order(cells: readonly Cell[]): Cell[][] {
  const columns: Cell[][] = []
  for (const cell of cells) {
    while (columns.length <= cell.rank) columns.push([])
    columns[cell.rank]?.push(cell)
  }
  let best = columns.map((c) => [...c])
  let fewest = crossings(columns)
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
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

/** How many pairs of links cross between neighbouring columns. */
function crossings(columns: readonly (readonly Cell[])[]): number {
  const at = positions(columns)
  let count = 0
  for (const column of columns) {
    const ends = column.flatMap((cell) =>
      cell.after.map((t) => (at.get(t.cell) ?? 0) + t.there / 1e4).sort((a, b) => a - b),
    )
    for (let i = 1; i < ends.length; i += 1) {
      for (let j = 0; j < i; j += 1) if ((ends[j] ?? 0) > (ends[i] ?? 0)) count += 1
    }
  }
  return count
}

/** Gives every cell its y: sweeps that bring each column near its neighbours. Returns the height of all. */
function place(columns: readonly Cell[][]): number {
  for (const column of columns) {
    let y = 0
    for (const cell of column) {
      cell.y = y
      y += cell.height + ROW_GAP
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const last = sweep === SWEEPS - 1
    for (const column of sweep % 2 === 0 ? columns : [...columns].reverse()) {
      settleColumn(column, (c) => {
        const touches = last || sweep < 2 ? [...c.before, ...c.after] : sweep % 2 === 0 ? c.before : c.after
        return touches.length > 0 ? level(c, touches) : beside(c)
      })
    }
  }
  for (const column of columns) if (column.every((c) => c.hold !== undefined)) settleColumn(column, beside)
  const all = columns.flat()
  const top = Math.min(0, ...all.map((c) => c.y), Number.POSITIVE_INFINITY)
  const low = Math.min(...all.map((c) => c.y))
  for (const cell of all) cell.y -= Number.isFinite(low) ? low : top
  return Math.max(0, ...all.map((c) => c.y + c.height))
}

/** The height at which the links of `touches` run level, on average. */
function level(cell: Cell, touches: readonly Touch[]): number {
  return mean(
    touches.map((t) => t.cell.y + t.there - t.here),
    cell.y,
  )
}

function beside(cell: Cell): number {
  return level(cell, [...cell.before, ...cell.after])
}

/** Puts a column as near as its order and gaps allow to the wished heights (pool adjacent violators). */
function settleColumn(column: readonly Cell[], wish: (cell: Cell) => number): void {
  const pools: { sum: number; count: number; cells: { cell: Cell; offset: number }[] }[] = []
  let offset = 0
  for (const cell of column) {
    pools.push({ sum: wish(cell) - offset, count: 1, cells: [{ cell, offset }] })
    offset += cell.height + ROW_GAP
    for (;;) {
      const [a, b] = [pools.at(-2), pools.at(-1)]
      if (a === undefined || b === undefined || a.sum / a.count <= b.sum / b.count) break
      pools.splice(-2, 2, { sum: a.sum + b.sum, count: a.count + b.count, cells: [...a.cells, ...b.cells] })
    }
  }
  for (const pool of pools) for (const { cell, offset } of pool.cells) cell.y = pool.sum / pool.count + offset
}

function across(columns: readonly Cell[][], gap: number) {
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

/** Whether a link bends after this column: beside doors whose links all run level, no space is needed. */
function bent(column: readonly Cell[]): boolean {
  return column.some((c) => c.after.some((t) => Math.abs(t.cell.y + t.there - c.y - t.here) > LEVEL))
}
