/** One tensor in full: as numbers with row and column headers, as a heatmap, and its statistics. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Tensor } from '../api/types'
import { formatNumber } from '../numbers'
import { cards, controls } from '../shell/styles'
import type { Theme } from '../theme'
import { describeShape, elementCount, heldDimensions, statsOf } from './tensors'
import './heat-map'
import './tensor-table'

/** Fetches the numbers of a tensor that were too many to stand inside the iteration. */
export type LoadTensor = (id: string) => Promise<Tensor>

type View = 'numbers' | 'heatmap'

/** More numbers than this are first shown as a heatmap. */
const FEW = 64

@customElement('gw-tensor')
export class TensorView extends LitElement {
  @property({ attribute: false }) tensor: Tensor | null = null
  @property() override title = ''
  /** value, gradient or update: which of the page's colours the title has. */
  @property() kind: 'value' | 'grad' | 'upd' = 'value'
  @property() theme: Theme = 'light'
  @property({ attribute: false }) load: LoadTensor | null = null
  /** The tensor with its numbers, once they are there. */
  @state() private whole: Tensor | null = null
  @state() private problem = ''
  @state() private view: View | null = null
  @state() private held: number[] = []

  static override styles = [
    controls,
    cards,
    css`
      :host {
        display: block;
      }

      header {
        display: flex;
        align-items: baseline;
        gap: 8px;
        margin-bottom: 6px;
      }

      .name {
        flex: 1;
        overflow: hidden;
        font-weight: 600;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .views {
        display: flex;
      }

      .views button {
        padding: 1px 8px;
        border: 1px solid var(--line);
        background: var(--card);
        color: var(--muted);
        font-size: 12px;
        cursor: pointer;
      }

      .views button:first-child {
        border-radius: 6px 0 0 6px;
      }

      .views button:last-child {
        margin-left: -1px;
        border-radius: 0 6px 6px 0;
      }

      .views button[aria-pressed='true'] {
        background: var(--hover);
        color: var(--ink);
      }

      .held {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
        margin-bottom: 6px;
        font-size: 12.5px;
      }

      .held input {
        width: 56px;
        border: 1px solid var(--line);
        border-radius: 5px;
        background: var(--card);
      }

      .note,
      dl {
        margin: 6px 0 0;
        color: var(--muted);
        font-size: 12.5px;
      }

      dl {
        display: grid;
        grid-template-columns: repeat(4, auto);
        gap: 1px 10px;
        justify-content: space-between;
      }

      dd {
        margin: 0;
        color: var(--ink);
        font-family: var(--mono);
        font-size: 12px;
        text-align: right;
      }
    `,
  ]

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('tensor')) return
    const before = changed.get('tensor')
    if (before && this.tensor && String(before.shape) !== String(this.tensor.shape)) this.held = []
    this.problem = ''
    this.whole = this.tensor?.data ? this.tensor : null
    if (this.tensor && !this.whole) void this.fetchWhole(this.tensor)
  }

  override render() {
    if (!this.tensor) return nothing
    const view = this.view ?? (elementCount(this.tensor.shape) > FEW ? 'heatmap' : 'numbers')
    return html`
      <header role="none">
        <span class="name ${this.kind}">${this.title}</span>
        <span class="muted">${describeShape(this.tensor)}</span>
      </header>
      ${this.heldFields(this.tensor.shape)}
      ${this.whole ? this.numbers(this.whole, view) : this.waiting()}
      ${this.footer(this.tensor, view)}
    `
  }

  private numbers(tensor: Tensor, view: View) {
    if (elementCount(tensor.shape) === 0) return html`<p class="note">No numbers: one of its sizes is 0.</p>`
    return view === 'numbers'
      ? html`<gw-tensor-table .tensor=${tensor} .held=${this.held} .theme=${this.theme}></gw-tensor-table>`
      : html`<gw-heat-map .tensor=${tensor} .held=${this.held} .theme=${this.theme}></gw-heat-map>`
  }

  private waiting() {
    return html`<p class="note" role="status">${this.problem || 'Fetching the numbers …'}</p>`
  }

  private footer(tensor: Tensor, view: View) {
    const stats = statsOf(tensor)
    const shown: [string, number | null | undefined][] = [
      ['min', stats?.min],
      ['max', stats?.max],
      ['mean', stats?.mean],
      ['std', stats?.std],
      ['norm', stats?.norm],
      ['zeros', stats?.zeros],
      ['NaN', stats?.nans],
      ['±∞', stats?.infs],
    ]
    return html`
      <dl aria-label="Statistics">
        ${shown.map(([name, x]) => html`<dt>${name}</dt><dd>${x === null || x === undefined ? '–' : formatNumber(x)}</dd>`)}
      </dl>
      <div class="views" role="group" aria-label="Shown as">
        ${(['numbers', 'heatmap'] as const).map(
          (one) => html`<button aria-pressed=${one === view} @click=${() => this.show(one)}>${one}</button>`,
        )}
      </div>
    `
  }

  /** One field for each dimension that is neither rows nor columns. */
  private heldFields(shape: readonly number[]) {
    const count = heldDimensions(shape)
    if (count === 0) return nothing
    return html`<div class="held">
      ${shape.slice(0, count).map(
        (size, dimension) => html`<label>dim ${dimension}
          <input type="number" min="0" max=${size - 1} .value=${String(this.held[dimension] ?? 0)}
            @input=${(event: Event) => this.hold(dimension, size, event.target as HTMLInputElement)}> of ${size}</label>`,
      )}
    </div>`
  }

  private show(view: View): void {
    this.view = view
  }

  private hold(dimension: number, size: number, field: HTMLInputElement): void {
    const index = Math.min(Math.max(0, Math.trunc(Number(field.value))), size - 1)
    this.held = Array.from({ length: heldDimensions(this.tensor?.shape ?? []) }, (_, d) =>
      d === dimension ? index : (this.held[d] ?? 0),
    )
  }

  private async fetchWhole(tensor: Tensor): Promise<void> {
    try {
      const whole = (await this.load?.(tensor.id)) ?? null
      if (this.tensor !== tensor) return
      this.whole = whole?.data ? whole : null
      if (!this.whole) this.problem = 'Too many numbers: only their statistics were kept.'
    } catch (error) {
      if (this.tensor === tensor) this.problem = error instanceof Error ? error.message : String(error)
    }
  }
}
