/** The differences of two runs as a table: the loss, and every parameter at this step, the largest difference first. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { iterationName } from '../../core/iteration-names'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import type { Frame, Timeline } from '../../walk/model'
import { buildTimeline, frameAt } from '../../walk/timeline'
import type { ComparedRun } from './compared-run'
import { type Cell, lossOf, type Row, rowsOf } from './difference-rows'
import './two-losses'

@customElement('gw-differences')
export class DifferencePanel extends LitElement {
  @property({ attribute: false }) comparedRun: ComparedRun | null = null
  @property({ attribute: false }) timeline: Timeline | null = null
  @property({ attribute: false }) step = 0
  @property({ attribute: false }) iteration = 0
  @property({ attribute: false }) selected: string | null = null
  private other: { of: Timeline; timeline: Timeline } | null = null

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 12px;
        padding: 12px 14px;
        color: var(--ink);
        font: 14px/1.4 var(--sans);
      }

      h2,
      p {
        margin: 0;
      }

      h2 {
        font-size: 16px;
      }

      p {
        color: var(--muted);
        font-size: 13px;
      }

      table {
        width: 100%;
        font-size: 13.5px;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: 4px 0 4px 5px;
        font-weight: 400;
        text-align: right;
      }

      th:first-child {
        padding-left: 0;
        text-align: left;
      }

      thead th {
        border-bottom: 1px solid var(--line-strong);
        color: var(--muted);
        font-size: 13px;
      }

      tbody tr:last-child > * {
        border-bottom: 1px solid var(--line);
      }

      .name th {
        padding-top: 8px;
      }

      .name button {
        font-weight: 650;
        overflow-wrap: anywhere;
        text-align: left;
      }

      .chosen {
        background: var(--hover);
      }

      .value td {
        color: var(--value);
      }

      .gradient td {
        color: var(--gradient);
      }

      td.delta {
        color: var(--ink);
        white-space: nowrap;
      }

      td.delta b {
        padding: 0 4px;
        border-radius: 4px;
        background: var(--difference-fill);
        color: var(--difference-ink);
        font-weight: 650;
      }

      td.quiet {
        color: var(--muted);
      }

      .only {
        margin-left: 6px;
        color: var(--muted);
        font-size: 13px;
      }
    `,
  ]

  override render() {
    const { comparedRun, timeline } = this
    const beside = comparedRun?.beside(timeline?.iteration ?? null)
    if (!comparedRun || !timeline || !beside) return nothing
    if (comparedRun.head.iterations.length === 0 || beside.trouble !== null)
      return html`<h2>Differences</h2><p>B has no numbers to compare.</p>`
    if (beside.over)
      return html`<h2>Differences</h2>${this.losses(comparedRun)}<p>B has no ${iterationName(comparedRun.first.iterations, this.iteration)}.</p>`
    const [a, b] = [frameAt(timeline, this.step, 1), this.frameOf(timeline, beside.body)]
    const rows = rowsOf(beside.union, a, b)
    return html`<h2>Differences at this step</h2>
      ${this.losses(comparedRun)}
      <table aria-label="Differences at this step">
        <thead><tr><td></td><th scope="col">A</th><th scope="col">B</th><th scope="col">B − A</th></tr></thead>
        <tbody><tr class="loss"><th scope="row">loss</th>${cells(lossOf(timeline.iteration, beside.body))}</tr></tbody>
        ${rows.map((row) => this.row(row))}
      </table>
      ${rows.length === 0 ? html`<p>No parameters: nothing in these programs learns.</p>` : nothing}
      ${rows.some(({ norm }) => norm) ? html`<p>Of a tensor A and B show the norm; ≤ is the largest difference of its elements.</p>` : nothing}`
  }

  private losses(comparedRun: ComparedRun) {
    const { first, head } = comparedRun
    if (Math.max(first.iterations.length, head.iterations.length) < 2) return nothing
    return html`<gw-two-losses .a=${first.iterations} .b=${head.iterations} .labels=${comparedRun.labels}
      .iteration=${this.iteration}></gw-two-losses>`
  }

  private row(row: Row) {
    return html`<tbody class=${row.node === this.selected ? 'chosen' : ''}>
      <tr class="name"><th scope="rowgroup" colspan="4"><button class="link"
        @click=${() => send(this, 'gw-select', { node: row.node })}>${row.name}</button>${
          row.only ? html`<span class="only">only in ${row.only}</span>` : nothing
        }${row.other ? html`<span class="only">B: ${row.other}</span>` : nothing}</th></tr>
      <tr class="value"><th scope="row">value</th>${cells(row.value)}</tr>
      <tr class="gradient"><th scope="row">gradient</th>${cells(row.gradient)}</tr>
    </tbody>`
  }

  private frameOf(timeline: Timeline, body: Timeline['iteration']): Frame {
    if (this.other?.of !== timeline) this.other = { of: timeline, timeline: buildTimeline(timeline.graph, body) }
    return frameAt(this.other.timeline, this.step, 1)
  }
}

function cells({ a, b, delta, same }: Cell) {
  return html`<td>${a}</td><td>${b}</td><td class="delta ${same ? 'quiet' : ''}">${same ? delta : html`<b>${delta}</b>`}</td>`
}
