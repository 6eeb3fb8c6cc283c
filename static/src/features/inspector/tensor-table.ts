/** A slice of a tensor, or of a value with its gradient, as a table with headers. Only what is in sight is there: it may be huge. */

import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { type Cell, inSight, moved, scrolledTo, sliceText } from '../../core/cells'
import type { Element } from '../../core/contract'
import { formatNumber, toNumber } from '../../core/numbers'
import { describeShape, type Slice, sliceOf } from '../../core/tensors'
import { controls, unseen } from '../../ui/styles'
import { type Axes, header, PLAIN } from './axis-names'
import { type Sizes, sizesOf } from './table-sizes'
import { numberTable } from './table-styles'
import { ask, type Whole } from './tensor-look'

/** Besides those in sight, up to this many numbers are measured for the width of the columns. */
const MEASURED = 2000
const NARROWEST = 4
/** Pixels around the table in the large view, as in the styles. */
const AROUND = 270

@customElement('gw-tensor-table')
export class TensorTable extends LitElement {
  /** One tensor, or a value and its gradient: of the same shape. */
  @property({ attribute: false }) members: readonly Whole[] = []
  @property({ attribute: false }) held: readonly number[] = []
  @property({ attribute: false }) axes: Axes = PLAIN
  @property({ attribute: false }) cell: Cell | null = null
  @property({ attribute: false }) picked: Cell | null = null
  /** True if a cell can be picked. */
  @property({ type: Boolean, reflect: true }) picks = false
  @property({ type: Boolean, reflect: true }) large = false
  @state() private view = { left: 0, top: 0, width: 300, height: 300 }
  @query('.scroll') private scroller!: HTMLElement | null
  private letters = NARROWEST
  private byKey = false
  private readonly watcher = new ResizeObserver(() => this.look())

  static override styles = [controls, unseen, numberTable]

  override connectedCallback(): void {
    super.connectedCallback()
    this.watcher.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.watcher.disconnect()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('members') || changed.has('large')) this.letters = measured(this.members)
    if (changed.has('members') && shapeOf(changed.get('members')) !== shapeOf(this.members))
      this.view = { ...this.view, left: 0, top: 0 }
  }

  override render() {
    const slices = this.slices()
    const [slice] = slices
    if (!slice) return nothing
    const { rows, columns } = this.shown(slice)
    for (const one of slices) this.letters = Math.max(this.letters, lettersOf(one, rows, columns))
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${`Numbers of ${this.names()}`}
        @scroll=${this.look} @keydown=${this.press} @focus=${this.enter} @blur=${() => this.point(null)}>
      <table class=${slices.length > 1 ? 'several' : ''} aria-rowcount=${slice.rows + 1} aria-colcount=${slice.columns + 1}
        @pointerover=${this.hover} @click=${this.pick} @pointerleave=${() => this.point(null)}>
        <caption>${this.caption()}</caption>
        <colgroup><col class="head">${columns.from > 0 ? html`<col class="before-columns">` : nothing}
          ${range(columns).map(() => html`<col class="column">`)}
          ${columns.to < slice.columns ? html`<col class="after-columns">` : nothing}</colgroup>
        <thead><tr aria-rowindex="1"><td class="corner"></td>${filler(columns.from > 0)}
          ${range(columns).map((c) => html`<th scope="col" aria-colindex=${c + 2}>${header(this.axes.columns, c)}</th>`)}
          ${filler(columns.to < slice.columns)}</tr></thead>
        <tbody>${rows.from > 0 ? html`<tr aria-hidden="true"><td class="filler before-rows"></td></tr>` : nothing}
          ${range(rows).map((row) => this.row(slices, row, columns, slice.columns))}
          ${rows.to < slice.rows ? html`<tr aria-hidden="true"><td class="filler after-rows"></td></tr>` : nothing}</tbody>
      </table></div>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    const [slice] = this.slices()
    if (!slice) return
    const { rows, columns } = this.shown(slice)
    const { font, line, column, row, head } = this.pixels()
    const put = (name: string, pixels: number) => this.style.setProperty(`--${name}`, `${pixels}px`)
    put('font-size', font)
    put('line-height', line)
    put('column', column)
    put('head', head)
    put('width', head + column * slice.columns)
    put('before-columns', column * columns.from)
    put('after-columns', column * (slice.columns - columns.to))
    put('before-rows', row * rows.from)
    put('after-rows', row * (slice.rows - rows.to))
    if (changed.has('cell') && this.byKey && this.cell) this.reveal(this.cell)
    this.byKey = false
  }

  private row(slices: readonly Slice[], row: number, columns: Span, all: number) {
    return html`<tr aria-rowindex=${row + 2}>${
      this.isVector() ? html`<td class="corner"></td>` : html`<th scope="row">${header(this.axes.rows, row)}</th>`
    }${filler(columns.from > 0)}${range(columns).map((column) => {
      const at = this.cell?.row === row && this.cell.column === column
      const picked = this.picked?.row === row && this.picked.column === column
      const numbers = slices.map((slice) => slice.at(row, column))
      const odd = slices.length === 1 ? oddness(numbers[0] ?? 0) : ''
      return html`<td class="${odd} ${at ? 'at' : ''} ${picked ? 'picked' : ''}" aria-colindex=${column + 2} data-row=${row} data-column=${column}>${
        slices.length === 1 ? formatNumber(numbers[0] ?? 0) : numbers.map((x, i) => this.half(x, i))
      }</td>`
    })}${filler(columns.to < all)}</tr>`
  }

  private half(x: Element, index: number) {
    const kind = this.members[index]?.kind ?? 'value'
    const said = kind === 'grad' ? html`<i class="unseen">gradient </i>` : nothing
    return html`<span class="${kind} ${oddness(x)}">${said}${formatNumber(x)}</span>`
  }

  private names(): string {
    return this.members.map(({ name }) => name).join(' and ')
  }

  private caption(): string {
    const tensor = this.members[0]?.tensor
    if (!tensor) return ''
    const slice = sliceText(tensor.shape, this.held)
    const two = this.members.length > 1 ? '; in each cell the value above, the gradient below' : ''
    return `${this.names()}, ${describeShape(tensor)}${slice ? `, slice ${slice}` : ''}${two}`
  }

  private slices(): Slice[] {
    return this.members.flatMap(({ tensor }) => sliceOf(tensor, this.held) ?? [])
  }

  private isVector(): boolean {
    return (this.members[0]?.tensor.shape.length ?? 0) < 2
  }

  private pixels(): Sizes {
    const [slice] = this.slices()
    const [rows, columns] = [slice?.rows ?? 0, slice?.columns ?? 0]
    const longest = (axis: string | null, count: number) => header(axis, Math.max(0, count - 1)).length
    const letters = Math.max(this.letters, longest(this.axes.columns, columns))
    const head = this.isVector() ? 0 : longest(this.axes.rows, rows)
    const room = this.large ? { width: this.view.width, height: window.innerHeight - AROUND } : null
    return sizesOf({ rows, columns, lines: this.members.length, letters, head }, room)
  }

  private shown(slice: Slice): { rows: Span; columns: Span } {
    const { column, row } = this.pixels()
    return {
      rows: inSight(this.view.top, this.view.height, row, slice.rows),
      columns: inSight(this.view.left, this.view.width, column, slice.columns),
    }
  }

  private look = (): void => {
    const box = this.scroller
    if (!box) return
    const { scrollLeft: left, scrollTop: top } = box
    // as large as it may become: its own size follows from what is in it
    const [width, height] = [this.clientWidth, this.large ? window.innerHeight : 320]
    const seen = this.view
    if (seen.left !== left || seen.top !== top || seen.width !== width || seen.height !== height)
      this.view = { left, top, width, height }
  }

  private reveal({ row, column }: Cell): void {
    const box = this.scroller
    if (!box) return
    const pixels = this.pixels()
    const [across, down] = [column * pixels.column, row * pixels.row]
    box.scrollLeft = scrolledTo(across, across + pixels.column, box.scrollLeft, box.clientWidth - pixels.head)
    box.scrollTop = scrolledTo(down, down + pixels.row, box.scrollTop, box.clientHeight - pixels.top)
  }

  private press = (event: KeyboardEvent): void => {
    const [slice] = this.slices()
    if (!slice || event.altKey || event.metaKey || event.shiftKey) return
    if (event.key === 'Enter' && this.picks && this.cell) ask(this, { picked: this.cell })
    const page = Math.max(1, Math.floor((this.scroller?.clientHeight ?? 0) / this.pixels().row) - 1)
    const to = moved(this.cell ?? { row: 0, column: 0 }, event, slice, page)
    if (!to) return
    event.preventDefault()
    this.byKey = true
    this.point(to)
  }

  private enter = (): void => {
    // a click lands on a cell of its own
    if (this.scroller?.matches(':focus-visible') && !this.cell) {
      this.byKey = true
      this.point({ row: 0, column: 0 })
    }
  }

  private hover = (event: PointerEvent): void => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('td[data-row]')
    if (cell) this.point({ row: Number(cell.dataset.row), column: Number(cell.dataset.column) })
  }

  private pick = (event: Event): void => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('td[data-row]')
    if (cell && this.picks)
      ask(this, { picked: { row: Number(cell.dataset.row), column: Number(cell.dataset.column) } })
  }

  private point(cell: Cell | null): void {
    if (cell?.row !== this.cell?.row || cell?.column !== this.cell?.column) ask(this, { cell })
  }
}

interface Span {
  from: number
  to: number
}

function filler(there: boolean) {
  return there ? html`<td class="filler" aria-hidden="true"></td>` : nothing
}

function oddness(x: Element): string {
  const number = toNumber(x)
  return number === 0 ? 'zero' : Number.isFinite(number) ? '' : 'odd'
}

function range({ from, to }: Span): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
}

function shapeOf(members: readonly Whole[] | undefined): string {
  return String(members?.[0]?.tensor.shape)
}

/** Return the letters of the longest of some evenly spaced numbers. */
function measured(members: readonly Whole[]): number {
  let longest = NARROWEST
  for (const { tensor } of members) {
    const step = Math.max(1, Math.ceil(tensor.data.length / MEASURED))
    for (let i = 0; i < tensor.data.length; i += step)
      longest = Math.max(longest, formatNumber(tensor.data[i] ?? 0).length)
  }
  return longest
}

function lettersOf(slice: Slice, rows: Span, columns: Span): number {
  const lengths = range(rows).flatMap((row) =>
    range(columns).map((column) => formatNumber(slice.at(row, column)).length),
  )
  return Math.max(NARROWEST, ...lengths)
}
