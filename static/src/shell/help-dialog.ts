/** Every key of the page, in one list. */

import { css, html, LitElement } from 'lit'
import { customElement, query } from 'lit/decorators.js'
import { SHORTCUTS } from '../keyboard'
import { dialogs } from './dialog-styles'
import { controls } from './styles'

@customElement('gw-help')
export class HelpDialog extends LitElement {
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

      p {
        margin: 12px 0 0;
        color: var(--muted);
        font-size: 13px;
      }
    `,
  ]

  override render() {
    return html`<dialog aria-labelledby="title">
      <header><h2 id="title">All keys</h2>
        <form method="dialog"><button class="button" autofocus>Close</button></form></header>
      <table><tbody>${SHORTCUTS.map(
        ({ shown, does }) => html`<tr><th scope="row">${keycaps(shown)}</th><td>${does}</td></tr>`,
      )}</tbody></table>
      <p>Click a line's number to go to its step, a node to see its line and its numbers. In the program,
        <kbd>Esc</kbd> gives the keys back to the picture.</p>
    </dialog>`
  }

  show(): void {
    if (!this.dialog.open) this.dialog.showModal()
  }
}

function keycaps(shown: string) {
  return shown
    .split(' ')
    .map((part) => (part === '+' && shown.length > 5 && !shown.startsWith('+') ? ' + ' : html`<kbd>${part}</kbd> `))
}
