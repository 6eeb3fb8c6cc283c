/** The command palette: all that can be done now, found by typing. */

import { css, html, LitElement } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { choices } from '../ui/choice-list-styles'
import { dialogs } from '../ui/dialog-styles'
import { send } from '../ui/events'
import { controls } from '../ui/styles'
import { findActions } from './action-matches'
import type { Action } from './actions'

/** Does nothing that one would look for here. */
const NOT_OFFERED: ReadonlySet<string> = new Set(['palette', 'escape'])

@customElement('gw-palette')
export class CommandPalette extends LitElement {
  /** All actions of the page. */
  @property({ attribute: false }) actions: readonly Action[] = []
  @state() private text = ''
  @state() private at = 0
  /** The actions that were enabled when the palette was opened. */
  @state() private offered: readonly Action[] = []
  @query('dialog') private dialog!: HTMLDialogElement
  @query('input') private field!: HTMLInputElement

  static override styles = [
    controls,
    dialogs,
    choices,
    css`
      kbd {
        align-self: center;
      }
    `,
  ]

  override render() {
    const found = this.found
    return html`<dialog aria-label="Search an action" @click=${this.closeOutside}>
      <input role="combobox" aria-label="Search an action" aria-expanded="true" aria-controls="found" aria-autocomplete="list"
        aria-activedescendant=${found[this.at] ? `found-${this.at}` : ''} placeholder="step, compare, zoom …" autocomplete="off"
        .value=${this.text} @input=${this.onInput} @keydown=${this.onKey}>
      <ul id="found" role="listbox" aria-label="Actions">${found.map(
        (
          { label, group, shown },
          index,
        ) => html`<li id="found-${index}" role="option" aria-selected=${index === this.at}
          @click=${() => this.choose(index)}><b>${label}</b><small>${group}</small>${shown === '' ? '' : html`<kbd>${shown}</kbd>`}</li>`,
      )}</ul>
      ${found.length === 0 ? html`<p role="status">Nothing that can be done now is called that.</p>` : ''}
    </dialog>`
  }

  show(): void {
    if (this.dialog.open) return
    this.text = ''
    this.at = 0
    this.offered = this.actions.filter((one) => !NOT_OFFERED.has(one.id) && (one.isEnabled?.() ?? true))
    this.dialog.showModal()
    this.field.focus()
  }

  private get found(): readonly Action[] {
    return findActions(this.offered, this.text)
  }

  private onInput = () => {
    this.text = this.field.value
    this.at = 0
  }

  private onKey = (event: KeyboardEvent) => {
    const last = this.found.length - 1
    if (event.key === 'Enter') this.choose(this.at)
    const to: Record<string, number> = {
      ArrowDown: this.at < last ? this.at + 1 : 0,
      ArrowUp: this.at > 0 ? this.at - 1 : last,
    }
    const wanted = to[event.key]
    if (wanted === undefined) return
    this.at = Math.max(0, wanted)
    event.preventDefault()
    void this.updateComplete.then(() =>
      this.shadowRoot?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }),
    )
  }

  /** The dialog closes first, so that the focus is back where it was. */
  private choose(index: number): void {
    const action = this.found[index]
    if (action === undefined) return
    this.dialog.close()
    setTimeout(() => send(this, 'gw-action', { action: action.id }))
  }

  private closeOutside = (event: MouseEvent) => {
    if (event.target === this.dialog) this.dialog.close()
  }
}
