/** A slice of a tensor as a table with row and column headers. Large slices are shown a window at a time. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Element, Tensor } from '../api/types'
import { formatNumber, toNumber } from '../numbers'
import { controls } from '../shell/styles'
import { type Slice, sliceOf } from './tensors'

const WINDOW = { rows: 32, columns: 16 }

@customElement('gw-tensor-table')
export class TensorTable extends LitElement {
  @property({ attribute: false }) tensor: Tensor | null = null
  @property({ attribute: false }) held: readonly number[] = []
  @state() private top = 0
  @state() private left = 0

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      .scroll {
        overflow: auto;
        max-height: 300px;
        border: 1px solid var(--line);
        border-radius: 6px;
      }

      table {
        border-collapse: separate;
        border-spacing: 0;
        font: 12px/1.75 var(--mono);
      }

      th,
      td {
        padding: 0 6px;
        text-align: right;
        white-space: nowrap;
      }

      th {
        position: sticky;
        top: 0;
        left: 0;
        background: var(--room);
        color: var(--muted);
        font-weight: 400;
      }

      thead th {
        z-index: 1;
      }

      .zero {
        color: var(--muted);
      }

      .odd {
        background: var(--error-tint);
        color: var(--error);
        font-weight: 600;
      }

      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        margin-top: 4px;
        color: var(--muted);
        font-size: 12.5px;
      }

      nav button {
        padding: 0 7px;
        border: 1px solid var(--line);
        border-radius: 5px;
        background: var(--card);
        cursor: pointer;
      }

      nav button:disabled {
        opacity: 0.4;
        cursor: default;
      }
    `,
  ]

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('tensor')
    if (before && String(before.shape) !== String(this.tensor?.shape)) {
      this.top = 0
      this.left = 0
    }
  }

  override render() {
    const slice = this.tensor && sliceOf(this.tensor, this.held)
    if (!slice) return nothing
    const rows = range(this.top, Math.min(slice.rows, this.top + WINDOW.rows))
    const columns = range(this.left, Math.min(slice.columns, this.left + WINDOW.columns))
    return html`
      <div class="scroll" tabindex="0" role="group" aria-label="Numbers">
        <table>
          <thead><tr><td></td>${columns.map((c) => html`<th scope="col">${c}</th>`)}</tr></thead>
          <tbody>${rows.map((r) => this.row(slice, r, columns))}</tbody>
        </table>
      </div>
      ${this.pager(slice)}
    `
  }

  private row(slice: Slice, row: number, columns: readonly number[]) {
    const header = isVector(this.tensor) ? html`<td></td>` : html`<th scope="row">${row}</th>`
    return html`<tr>${header}${columns.map((c) => cell(slice.at(row, c)))}</tr>`
  }

  private pager({ rows, columns }: Slice) {
    if (rows <= WINDOW.rows && columns <= WINDOW.columns) return nothing
    return html`<nav aria-label="Part of the tensor">
      ${this.page('rows', this.top, WINDOW.rows, rows, (at) => {
        this.top = at
      })}
      ${this.page('columns', this.left, WINDOW.columns, columns, (at) => {
        this.left = at
      })}
    </nav>`
  }

  private page(what: string, at: number, size: number, all: number, go: (at: number) => void) {
    if (all <= size) return nothing
    const last = Math.min(all, at + size)
    return html`<span>${what} ${at}–${last - 1} of ${all}
      <button aria-label="Earlier ${what}" ?disabled=${at === 0} @click=${() => go(Math.max(0, at - size))}>‹</button>
      <button aria-label="Later ${what}" ?disabled=${last === all} @click=${() => go(at + size)}>›</button></span>`
  }
}

function cell(x: Element) {
  const number = toNumber(x)
  const kind = number === 0 ? 'zero' : Number.isFinite(number) ? '' : 'odd'
  return html`<td class=${kind} title=${String(x)}>${formatNumber(x)}</td>`
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
}

function isVector(tensor: Tensor | null): boolean {
  return (tensor?.shape.length ?? 0) < 2
}
