/** Tensors looked at: a value and its gradient, as a table, as heatmaps or as histograms, slice by slice. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { indexText } from '../../core/cells'
import type { Tensor } from '../../core/contract'
import { formatNumber } from '../../core/numbers'
import { elementCount, sliceOf } from '../../core/tensors'
import type { Theme } from '../../core/theme'
import { cards, controls } from '../../ui/styles'
import type { Attention } from './attention'
import { type Axes, PLAIN } from './axis-names'
import {
  ask,
  FIRST_LOOK,
  type Look,
  VIEWS,
  VIEWS_OF_ATTENTION,
  type View,
  viewOf,
  type Whole,
  wholes,
} from './tensor-look'
import type { Member } from './tensor-pairs'
import './heads-view'
import './heat-map'
import './histogram-view'
import './slice-sliders'
import './stats-table'
import './tensor-table'

@customElement('gw-tensor')
export class TensorView extends LitElement {
  /** The tensors to show, all of the same shape. */
  @property({ attribute: false }) members: readonly Member[] = []
  /** The numbers of those that have none in the iteration, as far as they have been fetched. */
  @property({ attribute: false }) found: ReadonlyMap<Tensor, Tensor> = new Map()
  /** The reason why some numbers are missing; "" while they are being fetched. */
  @property() problem = ''
  @property({ attribute: false }) axes: Axes = PLAIN
  /** The attention whose weights the first member is; null for other tensors. */
  @property({ attribute: false }) attention: Attention | null = null
  @property({ attribute: false }) look: Look = FIRST_LOOK
  @property() theme: Theme = 'light'
  @property({ type: Boolean, reflect: true }) large = false
  /** True if a cell can be picked to have its number explained. */
  @property({ type: Boolean }) picks = false
  private known: { members: readonly Member[]; found: ReadonlyMap<Tensor, Tensor>; wholes: Whole[] } | null = null

  static override styles = [
    controls,
    cards,
    css`
      :host {
        container-type: inline-size;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }

      .tabs {
        display: flex;
      }

      .tabs button {
        min-height: 26px;
        flex: 0 1 auto;
        padding: 1px clamp(4px, 2.4cqi, 10px);
        border: 1px solid var(--line-strong);
        background: var(--card);
        color: var(--muted);
        font-size: 12.5px;
        cursor: pointer;
      }

      .tabs button + button {
        margin-left: -1px;
      }

      .tabs button:first-child {
        border-radius: 6px 0 0 6px;
      }

      .tabs button:last-child {
        border-radius: 0 6px 6px 0;
      }

      .tabs button[aria-selected='true'] {
        background: var(--hover);
        color: var(--ink);
        font-weight: 600;
      }

      .tabs button:focus-visible {
        z-index: 1;
      }

      .several {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
      }

      h4 {
        margin: 0 0 4px;
        font-size: 13px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .readout:empty::before {
        content: attr(data-hint);
        color: var(--muted);
        font-family: var(--sans);
      }

      .readout span {
        white-space: nowrap;
      }

      :host([large]) .readout.two,
      .readout.one {
        min-height: 1.35em;
      }

      .readout.two {
        min-height: 2.7em;
      }

      :host([large]) .several {
        grid-template-columns: repeat(auto-fit, minmax(300px, 1fr));
        gap: 28px;
      }

      :host([large]) h4,
      :host([large]) .readout,
      :host([large]) .note,
      :host([large]) .tabs button {
        font-size: 16px;
      }

      .note,
      .readout {
        margin: 0;
        font-size: 12.5px;
      }

      .note {
        color: var(--muted);
      }

      /* The line is there also when it says nothing: nothing jumps. */
      .readout {
        line-height: 1.35;
        font-family: var(--mono);
        overflow-wrap: anywhere;
      }
    `,
  ]

  override render() {
    const shape = this.members[0]?.tensor.shape
    if (!shape) return nothing
    if (elementCount(shape) === 0) return html`<p class="note">No numbers: one of its sizes is 0.</p>`
    const here = this.wholes()
    const view = viewOf(this.look, shape, this.attention !== null)
    const words = here.length < this.members.length ? this.missing() : nothing
    if (here.length === 0) return html`${words}<gw-stats .members=${this.members} ?large=${this.large}></gw-stats>`
    // all heads are on show, so that only the dimensions before them are chosen from
    const sliced = view === 'heads' ? [...shape.slice(0, -3), ...shape.slice(-2)] : shape
    return html`${this.tabs(view)}
      ${view === 'histogram' ? nothing : html`<gw-slices .shape=${sliced} .held=${this.look.held} @look=${this.pass}></gw-slices>`}
      ${
        view === 'histogram' || view === 'heads'
          ? nothing
          : html`<p class="readout ${here.length > 1 ? 'two' : 'one'}" role="status"
        data-hint=${hint(view, here.length > 1, this.picks)}>${this.readout(here)}</p>`
      }
      <div role="tabpanel" aria-label=${this.views.find(([one]) => one === view)?.[1] ?? ''}>${this.panel(view, here)}</div>${words}`
  }

  private get views(): readonly [View, string][] {
    return this.attention === null ? VIEWS : VIEWS_OF_ATTENTION
  }

  private tabs(view: View) {
    return html`<div class="tabs" role="tablist" aria-label="Shown as" @keydown=${this.turn}>${this.views.map(
      ([
        one,
        name,
      ]) => html`<button role="tab" aria-selected=${one === view} tabindex=${one === view ? 0 : -1} data-view=${one}
        @click=${() => ask(this, { view: one, cell: null })}>${name}</button>`,
    )}</div>`
  }

  private panel(view: View, here: readonly Whole[]) {
    const { held, cell, picked } = this.look
    if (view === 'heads')
      return html`<gw-heads .member=${here[0] ?? null} .attention=${this.attention ?? {}} .held=${held} .cell=${cell} .theme=${this.theme}
        ?large=${this.large} @look=${this.pass}></gw-heads>`
    if (view === 'table')
      return html`<gw-tensor-table .members=${here} .held=${held} .axes=${this.axes} .cell=${cell} .picked=${picked} ?picks=${this.picks}
        ?large=${this.large} @look=${this.pass}></gw-tensor-table>`
    return html`<div class="several">${here.map(
      (one) => html`<section>${here.length > 1 ? html`<h4 class=${one.kind}>${one.name}</h4>` : nothing}
        ${
          view === 'heatmap'
            ? html`<gw-heat-map .member=${one} .held=${held} .cell=${cell} .picked=${picked} ?picks=${this.picks}
              .theme=${this.theme} ?large=${this.large} @look=${this.pass}></gw-heat-map>`
            : html`<gw-histogram .member=${one}></gw-histogram>`
        }</section>`,
    )}${view === 'histogram' ? html`<gw-stats .members=${this.members} ?large=${this.large}></gw-stats>` : nothing}</div>`
  }

  private missing() {
    return html`<p class="note" role="status">${this.problem || 'Fetching the numbers …'}</p>`
  }

  /** The value of the cell under the pointer or the keys. */
  private readout(here: readonly Whole[]) {
    const { cell, held } = this.look
    const shape = here[0]?.tensor.shape
    if (!cell || !shape) return nothing
    const parts = here.map(({ name, kind, tensor }) => {
      const slice = sliceOf(tensor, held)
      const inside = slice && cell.row < slice.rows && cell.column < slice.columns
      return inside
        ? html` <span class=${kind}>${name} ${formatNumber(slice.at(cell.row, cell.column), 6)}</span>`
        : nothing
    })
    return html`${indexText(shape, held, cell)}${parts}`
  }

  /** Return the same objects while nothing changes, so that drawings of them are not repeated. */
  private wholes(): Whole[] {
    if (this.known?.members !== this.members || this.known.found !== this.found)
      this.known = { members: this.members, found: this.found, wholes: wholes(this.members, this.found) }
    return this.known.wholes
  }

  private pass = (event: Event): void => ask(this, (event as CustomEvent<Partial<Look>>).detail)

  private turn = (event: KeyboardEvent): void => {
    const order = this.views.map(([view]) => view)
    const at = order.indexOf(viewOf(this.look, this.members[0]?.tensor.shape ?? [], this.attention !== null))
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: order.length - 1 }[event.key]
    if (to === undefined || event.ctrlKey || event.shiftKey || event.altKey || event.metaKey) return
    event.preventDefault()
    const view = order[(to + order.length) % order.length] ?? 'table'
    ask(this, { view, cell: null })
    this.renderRoot.querySelector<HTMLElement>(`[data-view=${view}]`)?.focus()
  }
}

function hint(view: View, two: boolean, picks: boolean): string {
  const explained = picks ? ' Click or Enter: it is explained.' : ''
  if (view === 'heatmap')
    return (two ? 'Point at a cell: both maps mark it.' : 'Point at a cell to read it.') + explained
  return (two ? 'In each cell: the value above, its gradient below.' : '') + explained
}
