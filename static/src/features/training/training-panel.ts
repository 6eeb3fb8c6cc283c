/** Training over time: the loss, every parameter, what happened, and one node as a film strip. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Graph, SnapshotHead } from '../../core/contract'
import { readStored, writeStored } from '../../core/storage'
import type { Theme } from '../../core/theme'
import { type PageEvents, send } from '../../ui/events'
import { controls } from '../../ui/styles'
import type { Look } from './film-strip'
import { eventsOf, type TrainingEvent } from './training-events'
import { type Training, trainingOf } from './training-history'
import './event-list'
import './film-strip'
import './loss-chart'
import './multiple-list'

type View = 'curves' | 'film'

const KEY = 'training-view'
const VIEWS: readonly [View, string][] = [
  ['curves', 'Curves'],
  ['film', 'Film strip'],
]

@customElement('gw-training')
export class TrainingPanel extends LitElement {
  @property({ attribute: false }) head: SnapshotHead | null = null
  /** The graph on show. */
  @property({ attribute: false }) graph: Graph | null = null
  /** The iteration on show, from 0. */
  @property({ attribute: false }) iteration = 0
  /** The node that the reader selected, in the graph on show. */
  @property({ attribute: false }) selected: string | null = null
  @property() theme: Theme = 'light'
  @property({ attribute: false }) look: Look | null = null
  /** True if the panel has all the space there is. */
  @property({ type: Boolean, reflect: true }) large = false
  @state() private view: View = readStored(KEY) === 'film' ? 'film' : 'curves'
  @state() private pointed: number | null = null
  private training: Training | null = null
  private events: readonly TrainingEvent[] = []

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        background: var(--panel);
      }

      nav {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 16px;
        padding: 4px 12px 2px;
      }

      h2 {
        margin: 0;
        font-size: 15px;
      }

      .tabs {
        display: flex;
      }

      .tabs button {
        padding: 5px 10px;
        border: 0;
        border-bottom: 2px solid transparent;
        background: none;
        color: var(--muted);
        cursor: pointer;
      }

      .tabs button[aria-selected='true'] {
        border-bottom-color: var(--ink);
        color: var(--ink);
        font-weight: 600;
      }

      .legend {
        display: flex;
        gap: 14px;
        color: var(--muted);
        font-size: 13px;
      }

      .legend span::before {
        display: inline-block;
        width: 14px;
        height: 9px;
        margin-right: 6px;
        border-radius: 2px;
        background: var(--value-fill);
        content: '';
      }

      .legend .gradient::before {
        height: 3px;
        background: var(--gradient-fill);
        vertical-align: 3px;
      }

      .legend .evaluation::before {
        width: 2px;
        background: var(--line-strong);
      }

      .end {
        display: flex;
        gap: 6px;
        margin-left: auto;
      }

      .end .button {
        height: 28px;
        padding: 0 10px;
        font-size: 13px;
      }

      .curves {
        display: grid;
        grid-template-rows: minmax(0, 1fr);
        grid-template-columns: minmax(280px, 4fr) minmax(250px, 6.5fr) minmax(200px, 3.4fr);
        gap: 14px;
        min-height: 0;
        padding: 2px 12px 8px;
      }

      .curves > * {
        min-width: 0;
        min-height: 0;
      }

      .film {
        display: grid;
        min-height: 0;
      }

      :host([large]) .curves {
        grid-template-rows: minmax(0, 1fr) auto;
        grid-template-columns: minmax(280px, 2fr) minmax(250px, 3fr);
      }

      :host([large]) gw-multiples {
        grid-row: 1 / 3;
        grid-column: 2;
      }

      :host([large]) gw-training-events {
        max-height: 220px;
      }

      gw-film {
        min-width: 0;
        padding: 4px 12px 8px;
      }

      /* One column that scrolls as a whole. */
      @media (max-width: 899px) {
        :host {
          display: block;
          overflow: auto;
        }

        .legend {
          order: 1;
        }

        .end .button:first-child {
          display: none;
        }

        .curves,
        :host([large]) .curves {
          grid-template-rows: 220px auto auto;
          grid-template-columns: minmax(0, 1fr);
        }

        :host([large]) gw-multiples {
          grid-area: auto;
        }

        gw-film {
          height: 240px;
        }
      }
    `,
  ]

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('head') || !this.head) return
    this.training = trainingOf(this.head)
    this.events = eventsOf(this.head, this.training)
    this.pointed = null
  }

  override render() {
    if (!this.training) return nothing
    return html`
      <nav aria-label="Training over time">
        <h2>Training over time</h2>
        <div class="tabs" role="tablist" aria-label="Training over time">${VIEWS.map(
          ([view, name]) =>
            html`<button role="tab" aria-selected=${view === this.view} @click=${() => this.show(view)}>${name}</button>`,
        )}</div>
        ${
          this.view === 'curves'
            ? html`<div class="legend"><span class="value">value, lowest to highest</span><span class="gradient">gradient norm</span>${
                this.training.evaluations.includes(true) ? html`<span class="evaluation">evaluation</span>` : nothing
              }</div>`
            : nothing
        }
        <div class="end">
          <button class="button" aria-pressed=${this.large} @click=${() => send(this, 'gw-enlarge', {})}>${this.large ? 'Smaller' : 'Larger'}</button>
          <button class="button" aria-label="Close the training (T)" title="Close (T)"
            @click=${() => send(this, 'gw-action', { action: 'training' })}>✕</button>
        </div>
      </nav>
      <div class=${this.view} @gw-point=${(e: CustomEvent<PageEvents['gw-point']>) => this.point(e.detail.iteration)}>
        ${this.view === 'curves' ? this.curves(this.training) : this.film(this.training)}
      </div>
    `
  }

  private curves(training: Training) {
    return html`
      <gw-loss-chart .training=${training} .iteration=${this.iteration} .pointed=${this.pointed}></gw-loss-chart>
      <gw-multiples .multiples=${training.multiples} .iterations=${training.iterations} .iteration=${this.iteration} .pointed=${this.pointed}
        .graph=${this.graphIndex} .selected=${this.selected}></gw-multiples>
      <gw-training-events .events=${this.events}></gw-training-events>
    `
  }

  private film({ multiples }: Training) {
    const parameter = multiples.map(({ nodes }) => nodes[this.graphIndex] ?? null).find((node) => node !== null)
    return html`<gw-film .head=${this.head} .graph=${this.graph} .node=${this.selected ?? parameter ?? null}
      .chosen=${this.selected !== null} .iteration=${this.iteration} .pointed=${this.pointed} .theme=${this.theme}
      .look=${this.look}></gw-film>`
  }

  private get graphIndex(): number {
    return this.head?.graphs.findIndex(({ id }) => id === this.graph?.id) ?? -1
  }

  private point(iteration: number | null): void {
    this.pointed = iteration
  }

  private show(view: View): void {
    this.view = view
    this.pointed = null
    writeStored(KEY, view)
  }
}
