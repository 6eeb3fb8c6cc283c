/** The events of a training, as sentences that lead to their iterations. */

import { css, html, LitElement } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import type { TrainingEvent } from './training-events'

@customElement('gw-training-events')
export class EventList extends LitElement {
  @property({ attribute: false }) events: readonly TrainingEvent[] = []

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        overflow-y: auto;
      }

      ul {
        display: grid;
        gap: 6px;
        margin: 0;
        padding: 2px;
        list-style: none;
      }

      button {
        width: 100%;
        padding: 6px 10px;
        border: 1px solid var(--line);
        border-left: 4px solid var(--ink);
        border-radius: 6px;
        background: var(--card);
        color: var(--ink);
        font-size: 13.5px;
        line-height: 1.35;
        text-align: left;
        overflow-wrap: anywhere;
        cursor: pointer;
      }

      button:hover {
        background: var(--hover);
      }

      .nonfinite {
        border-left-color: var(--error);
        background: var(--error-tint);
      }

      .largest-gradient,
      .no-gradient {
        border-left-color: var(--gradient-fill);
      }

      p {
        margin: 0;
        color: var(--muted);
      }
    `,
  ]

  override render() {
    if (this.events.length === 0) return html`<p>Neither a loss nor a gradient was recorded in this training.</p>`
    return html`<ul aria-label="What happened in this training">${this.events.map(
      (event) =>
        html`<li><button class=${event.kind} title="Go there" @click=${() => this.visit(event)}>${event.text}</button></li>`,
    )}</ul>`
  }

  private visit({ iteration, node, where }: TrainingEvent): void {
    send(this, 'gw-visit', { iteration, node, where })
  }
}
