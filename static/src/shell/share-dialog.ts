/** The link to what is on show. */

import { css, html, LitElement } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { dialogs } from './dialog-styles'
import { controls } from './styles'

@customElement('gw-share')
export class ShareDialog extends LitElement {
  @state() private link = ''
  @state() private copied = false
  @query('dialog') private dialog!: HTMLDialogElement
  @query('input') private field!: HTMLInputElement

  static override styles = [
    controls,
    dialogs,
    css`
      .row {
        display: flex;
        gap: 8px;
      }

      input {
        flex: 1;
        min-width: 0;
        padding: 0 10px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--stage);
        font: 13px var(--mono);
      }

      p {
        min-height: 1.5em;
        margin: 10px 0 0;
        color: var(--muted);
      }
    `,
  ]

  override render() {
    return html`<dialog aria-labelledby="title">
      <header role="none"><h2 id="title">Link to this step</h2>
        <form method="dialog"><button class="button">Close</button></form></header>
      <div class="row">
        <input readonly aria-label="Link" .value=${this.link} @focus=${() => this.field.select()}>
        <button class="button strong" @click=${this.copy}>Copy</button>
      </div>
      <p role="status">${this.copied ? 'Copied. Whoever opens it sees this step.' : 'Whoever opens it sees this step.'}</p>
    </dialog>`
  }

  /** Shows `link` and copies it at once. */
  async show(link: string): Promise<void> {
    this.link = link
    this.copied = false
    await this.updateComplete
    this.dialog.showModal()
    this.field.focus()
    await this.copy()
  }

  private copy = async () => {
    try {
      await navigator.clipboard.writeText(this.link)
      this.copied = true
    } catch {
      // Without HTTPS, as in a classroom's own network, browsers have no clipboard: the selected link can be copied by hand.
      this.field.select()
      this.copied = document.execCommand('copy')
    }
  }
}
