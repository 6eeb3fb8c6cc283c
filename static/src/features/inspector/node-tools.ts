/** Buttons for the node in the inspector: a breakpoint, and the next gradient. */

import { css, html, LitElement } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'

@customElement('gw-node-tools')
export class NodeTools extends LitElement {
  /** True if the node has a breakpoint. */
  @property({ type: Boolean }) stops = false

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin: 0 0 10px;
      }

      button {
        min-height: 28px;
        padding: 2px 6px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--card);
        color: var(--ink);
        font: 12.5px var(--sans);
        cursor: pointer;
      }

      button:hover {
        background: var(--hover);
      }

      button[aria-pressed='true'] {
        border-color: var(--error);
        color: var(--error);
      }

      kbd {
        margin-left: 4px;
        color: var(--muted);
        font: inherit;
      }
    `,
  ]

  override render() {
    return html`<button aria-pressed=${this.stops} aria-keyshortcuts="B" title="Playing stops at this node"
        @click=${() => send(this, 'gw-action', { action: 'breakpoint' })}>${this.stops ? '⬣' : '⬡'} Breakpoint<kbd>B</kbd></button>
      <button aria-keyshortcuts="N" title="Go to the next gradient that reaches this node (Shift+N: the one before)"
        @click=${() => send(this, 'gw-action', { action: 'next-gradient' })}>Next gradient<kbd>N</kbd></button>`
  }
}
