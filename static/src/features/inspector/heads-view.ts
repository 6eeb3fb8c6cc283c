/** The weights of an attention: each head as a small heatmap beside the others, on one scale from 0 to 1. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { type Cell, moved } from '../../core/cells'
import { divergingColour, inkOn } from '../../core/colours'
import { formatNumber } from '../../core/numbers'
import type { Theme } from '../../core/theme'
import { controls, unseen } from '../../ui/styles'
import { type Attention, type Head, headsOf } from './attention'
import { ask, type Whole } from './tensor-look'
import { labelFor } from './tokens'

/** More places than this are too small for their names at the side of the page. */
const NAMED = 16
/** Heads of more places than this have no neighbour at the side of the page. */
const BESIDE = 8
const SWATCHES = 12

@customElement('gw-heads')
export class HeadsView extends LitElement {
  @property({ attribute: false }) member: Whole | null = null
  @property({ attribute: false }) attention: Attention = { rows: null, columns: null }
  @property({ attribute: false }) held: readonly number[] = []
  @property({ attribute: false }) cell: Cell | null = null
  @property() theme: Theme = 'light'
  @property({ type: Boolean, reflect: true }) large = false

  static override styles = [
    controls,
    unseen,
    css`
      :host {
        display: block;
      }

      .heads {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 108px), 1fr));
        gap: 10px 12px;
        border-radius: 3px;
      }

      .heads.wide {
        grid-template-columns: minmax(0, 1fr);
      }

      table {
        width: 100%;
        table-layout: fixed;
        border-spacing: 1px;
        font: 12px var(--mono);
      }

      caption {
        padding: 0 0 2px;
        color: var(--ink);
        font: 600 12.5px var(--sans);
        text-align: left;
      }

      th {
        overflow: hidden;
        padding: 0;
        color: var(--muted);
        font-weight: 400;
        white-space: nowrap;
      }

      thead th {
        height: 3.2em;
        vertical-align: bottom;
      }

      thead th .upright {
        display: inline-block;
        max-height: 3.2em;
        overflow: hidden;
        writing-mode: vertical-rl;
        transform: rotate(180deg);
      }

      thead td,
      tbody th {
        width: 2.7em;
      }

      tbody th {
        padding-right: 4px;
        text-align: right;
        text-overflow: ellipsis;
      }

      .nameless,
      .nameless th {
        width: 0;
        height: 0;
      }

      tbody td,
      th {
        position: relative;
      }

      tbody td {
        height: 16px;
        padding: 0;
        cursor: crosshair;
        text-align: center;
      }

      .dense tbody td {
        height: 6px;
      }

      .now {
        outline: 2px solid var(--ink);
        outline-offset: -1px;
      }

      th.now {
        outline: none;
        color: var(--ink);
        font-weight: 700;
      }

      .readout {
        min-height: 2.7em;
        margin: 0 0 6px;
        font: 12.5px/1.35 var(--mono);
        overflow-wrap: anywhere;
      }

      .readout:empty::before {
        content: 'Each row looks at the columns. Point at a cell to read its weight in every head.';
        color: var(--muted);
        font-family: var(--sans);
      }

      .scale {
        display: flex;
        gap: 6px;
        align-items: center;
        margin-top: 8px;
        color: var(--muted);
        font: 12px var(--mono);
      }

      .bar {
        display: flex;
        width: 110px;
        height: 10px;
        box-shadow: 0 0 0 1px var(--line-strong);
      }

      .bar i {
        flex: 1;
      }

      :host([large]) .heads {
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr));
        gap: 20px 28px;
      }

      :host([large]) table,
      :host([large]) .scale,
      :host([large]) .readout {
        font-size: 16px;
      }

      :host([large]) .readout {
        min-height: 1.35em;
      }

      :host([large]) caption {
        font-size: 17px;
      }

      :host([large]) tbody td {
        height: 38px;
      }

      :host([large]) .dense tbody td {
        height: 14px;
      }
    `,
  ]

  override render() {
    if (!this.member) return nothing
    const heads = headsOf(this.member.tensor, this.held)
    const [rows, columns] = [heads[0]?.length ?? 0, heads[0]?.[0]?.length ?? 0]
    const count = `${heads.length} head${heads.length === 1 ? '' : 's'}`
    const form = `${Math.max(rows, columns) > BESIDE ? 'wide' : ''} ${Math.max(rows, columns) > NAMED ? 'dense' : ''}`
    return html`<p class="readout" role="status">${this.readout(heads)}</p>
      <div class="heads ${form}" role="group" tabindex="0" aria-label=${`Attention: ${this.member.name}, ${count}. Arrow keys go from cell to cell.`}
        @keydown=${(event: KeyboardEvent) => this.press(event, rows, columns)} @blur=${() => this.point(null)}
        @pointerleave=${() => this.point(null)}>${heads.map((head, i) => this.head(head, i))}</div>
      <div class="scale" aria-hidden="true">0 <span class="bar">${Array.from(
        { length: SWATCHES },
        (_, i) => html`<i .style=${`background:${divergingColour(i / (SWATCHES - 1), 1, this.theme)}`}></i>`,
      )}</span> 1</div>`
  }

  private head(head: Head, index: number) {
    const columns = head[0] ?? []
    const form = columns.every((_, column) => this.column(column).length < 3) ? '' : 'upright'
    const named = Math.max(head.length, columns.length) <= NAMED || this.large
    return html`<table><caption>head ${index}</caption>
      <thead class=${named ? '' : 'nameless'}><tr><td></td>${columns.map(
        (_, column) =>
          html`<th scope="col" class=${this.cell?.column === column ? 'now' : ''}><span class=${named ? form : 'unseen'}>${this.column(column)}</span></th>`,
      )}</tr></thead>
      <tbody>${head.map(
        (
          weights,
          row,
        ) => html`<tr><th scope="row" class="${this.cell?.row === row ? 'now' : ''} ${named ? '' : 'nameless'}"><span class=${named ? '' : 'unseen'}>${this.row(row)}</span></th>
        ${weights.map((x, column) => this.weight(x, row, column))}</tr>`,
      )}</tbody></table>`
  }

  private weight(x: number, row: number, column: number) {
    const now = this.cell?.row === row && this.cell.column === column
    const style = `background:${divergingColour(x, 1, this.theme)};color:${inkOn(x, 1, this.theme)}`
    const dense = Math.max(this.member?.tensor.shape.at(-1) ?? 0, this.member?.tensor.shape.at(-2) ?? 0) > NAMED
    return html`<td class=${now ? 'now' : ''} .style=${style} @pointerenter=${() => this.point({ row, column })}><span
      class=${this.large && !dense ? '' : 'unseen'}>${inCell(x)}</span></td>`
  }

  private row(index: number): string {
    return labelFor(this.attention.rows?.[index] ?? String(index))
  }

  private column(index: number): string {
    return labelFor(this.attention.columns?.[index] ?? String(index))
  }

  /** The values of the cell under the pointer or the keys, in every head. */
  private readout(heads: readonly Head[]) {
    if (!this.cell) return nothing
    const { row, column } = this.cell
    const weights = heads.map((head, i) => `head ${i} ${formatNumber(head[row]?.[column] ?? Number.NaN, 3)}`)
    return `${this.row(row)} → ${this.column(column)}: ${weights.join(', ')}`
  }

  private press(event: KeyboardEvent, rows: number, columns: number): void {
    if (event.altKey || event.metaKey || event.shiftKey) return
    const to = moved(this.cell ?? { row: 0, column: -1 }, event, { rows, columns }, 10)
    if (!to) return
    event.preventDefault()
    this.point(to)
  }

  private point(cell: Cell | null): void {
    if (cell?.row !== this.cell?.row || cell?.column !== this.cell?.column) ask(this, { cell })
  }
}

/** A weight in as many letters as a cell has room for: 0 is only what is exactly 0. */
function inCell(x: number): string {
  return x === 0 || x === 1 ? String(x) : x.toFixed(2)
}
