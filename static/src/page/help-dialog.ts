/** Every key of the page, in one list. */

import { css, html, LitElement } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { dialogs } from '../ui/dialog-styles'
import { send } from '../ui/events'
import { controls } from '../ui/styles'
import type { KeyRow } from './actions'

@customElement('gw-help')
export class HelpDialog extends LitElement {
  /** The keys of the page, and those that work while the program is being written. */
  @property({ attribute: false }) keys: readonly KeyRow[] = []
  @property({ attribute: false }) editorKeys: readonly KeyRow[] = []
  @query('dialog') private dialog!: HTMLDialogElement

  static override styles = [
    controls,
    dialogs,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
      }

      th,
      td {
        padding: 5px 0;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        text-align: left;
      }

      th {
        width: 9em;
        white-space: nowrap;
      }

      dialog {
        width: min(980px, calc(100vw - 32px));
      }

      .keys {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr));
        gap: 8px 36px;
        align-items: start;
      }

      h3 {
        margin: 6px 0 4px;
        font-size: 15px;
      }

      p {
        margin: 12px 0 0;
        color: var(--muted);
        font-size: 13px;
      }
    `,
  ]

  override render() {
    return html`<dialog aria-labelledby="title">
      <header role="none"><h2 id="title">All keys</h2>
        <form method="dialog"><button class="button" @click=${() => this.leave('predict')}>Predict before you see</button>
          <button class="button" @click=${() => this.leave('read')}>Read the graph as text</button>
          <button class="button" @click=${() => this.leave('build')}>Build a network</button>
          <button class="button" autofocus>Close</button></form></header>
      <div class="keys"><table><tbody>${this.keys.map(row)}</tbody></table>
      <section><h3>While writing the program</h3>
      <table><tbody>${this.editorKeys.map(row)}</tbody></table>
      <p>Click a line's number to go to its step, a node to see its line and its numbers. Rest the pointer on a name in
        the program to see what it is at this step.</p></section></div>
    </dialog>`
  }

  /** After the form has closed this dialog, so that the focus is back where it was. */
  private leave(action: string): void {
    setTimeout(() => send(this, 'gw-action', { action }))
  }

  show(): void {
    if (!this.dialog.open) this.dialog.showModal()
  }
}

function row({ shown, does }: KeyRow) {
  return html`<tr><th scope="row">${keycaps(shown)}</th><td>${does}</td></tr>`
}

function keycaps(shown: string) {
  return shown
    .split(' ')
    .map((part) => (part === '+' && shown.length > 5 && !shown.startsWith('+') ? ' + ' : html`<kbd>${part}</kbd> `))
}
