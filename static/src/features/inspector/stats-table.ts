/** Eight numbers about a tensor, or about a value and its gradient side by side. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Stats } from '../../core/contract'
import { formatNumber } from '../../core/numbers'
import { statsOf } from '../../core/tensors'
import { cards } from '../../ui/styles'
import type { Member } from './tensor-pairs'

const ROWS: readonly [keyof Stats, string, string][] = [
  ['min', 'min', 'smallest'],
  ['max', 'max', 'largest'],
  ['mean', 'mean', 'average'],
  ['std', 'std', 'standard deviation: the root of the mean squared distance from the mean, divided by N'],
  ['norm', 'norm', 'the root of the sum of the squares'],
  ['zeros', 'zeros', 'how many are exactly 0'],
  ['nans', 'NaN', 'how many are not a number'],
  ['infs', '±∞', 'how many are infinite'],
]

@customElement('gw-stats')
export class StatsTable extends LitElement {
  @property({ attribute: false }) members: readonly Member[] = []
  @property({ type: Boolean, reflect: true }) large = false

  static override styles = [
    cards,
    css`
      :host {
        display: block;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 12.5px;
      }

      :host([large]) table {
        font-size: 16px;
      }

      caption {
        color: var(--muted);
        font-size: 12px;
        text-align: left;
      }

      th,
      td {
        padding: 2px 0;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        text-align: left;
      }

      td,
      thead th {
        padding-left: 8px;
        text-align: right;
      }

      td {
        font-family: var(--mono);
      }

      .odd {
        color: var(--error);
        font-weight: 700;
      }
    `,
  ]

  override render() {
    const stats = this.members.map(({ tensor }) => statsOf(tensor))
    if (stats.every((one) => one === null)) return nothing
    return html`<table>
      <caption>Of the finite numbers; zeros, NaN and ±∞ are counted</caption>
      <thead><tr><td></td>${this.members.map(({ name, kind }) => html`<th scope="col" class=${kind}>${name}</th>`)}</tr></thead>
      <tbody>${ROWS.map(
        ([key, name, meaning]) => html`<tr><th scope="row" title=${meaning}>${name}</th>
        ${stats.map((one) => html`<td class=${isOdd(key, one) ? 'odd' : ''}>${shown(one?.[key])}</td>`)}</tr>`,
      )}</tbody>
    </table>`
  }
}

function shown(x: number | null | undefined): string {
  return x === null || x === undefined ? '–' : formatNumber(x)
}

function isOdd(key: keyof Stats, stats: Stats | null): boolean {
  return (key === 'nans' || key === 'infs') && (stats?.[key] ?? 0) > 0
}
