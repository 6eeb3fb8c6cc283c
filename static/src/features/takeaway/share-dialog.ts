/** The dialog for sharing and export: the link to this step at once, everything else as soon as it is loaded. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { dialogs } from '../../ui/dialog-styles'
import { LazyScripts } from '../../ui/lazy-scripts'
import { controls } from '../../ui/styles'
import { copy } from './copy-and-save'
import type { Takeaway } from './takeaway'

@customElement('gw-share')
export class ShareDialog extends LitElement {
  @state() private takeaway: Takeaway | null = null
  @state() private copied = false
  private readonly files = new LazyScripts(this, () => import('./takeaway-panel'))
  @query('dialog') private dialog!: HTMLDialogElement
  @query('input') private field!: HTMLInputElement

  static override styles = [
    controls,
    dialogs,
    css`
      dialog {
        width: min(940px, calc(100vw - 32px));
      }

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
        margin: 6px 0 0;
        color: var(--muted);
      }
    `,
  ]

  override render() {
    const { takeaway } = this
    return html`<dialog aria-labelledby="title" @close=${this.leave}>
      <header role="none"><h2 id="title">Take this step away</h2>
        <form method="dialog"><button class="button">Close</button></form></header>
      <div class="row">
        <input readonly aria-label="Link to this step" .value=${takeaway?.link ?? ''} @focus=${() => this.field.select()}>
        <button class="button strong" @click=${this.copy}>Copy link</button>
      </div>
      <p role="status">${this.copied ? 'Copied. Whoever opens it sees this step.' : 'Whoever opens it sees this step.'}</p>
      ${takeaway ? html`<gw-takeaway .takeaway=${takeaway}></gw-takeaway>` : nothing}
      ${this.files.state === 'lost' ? html`<p>The rest of this dialog cannot be loaded now. The link above works.</p>` : nothing}
    </dialog>`
  }

  /** Shows what can be taken away, and copies the link at once. */
  async show(takeaway: Takeaway): Promise<void> {
    if (this.dialog.open) return
    this.takeaway = takeaway
    this.copied = false
    const loaded = this.files.load()
    await this.updateComplete
    this.dialog.showModal()
    this.field.focus()
    await Promise.all([this.copy(), loaded])
  }

  private leave = () => {
    this.takeaway = null
  }

  private copy = async () => {
    this.copied = await copy(this.takeaway?.link ?? '', this.field)
  }
}
