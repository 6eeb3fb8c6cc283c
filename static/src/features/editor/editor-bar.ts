/** The bar below the program: its two switches, and remarks about its text. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { DraftNote } from '../../page/state'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'

@customElement('gw-editor-bar')
export class EditorBar extends LitElement {
  @property({ type: Boolean }) shapes = false
  @property({ type: Boolean }) live = false
  @property({ type: Boolean }) edited = false
  @property({ attribute: false }) draft: DraftNote | null = null
  /** The reason why an edited text is not run on change. */
  @property() trouble = ''

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        border-top: 1px solid var(--line);
        font-size: 12.5px;
      }

      .switches,
      p {
        display: flex;
        gap: 4px 8px;
        align-items: center;
        min-height: 29px;
        margin: 0;
        padding: 2px 12px;
      }

      .space {
        flex: 1;
      }

      .switch {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        height: 24px;
        padding: 0 6px 0 2px;
        border: 0;
        border-radius: 6px;
        background: none;
        cursor: pointer;
        white-space: nowrap;
      }

      .switch:hover {
        background: var(--hover);
      }

      .switch::before {
        box-sizing: border-box;
        width: 24px;
        height: 14px;
        border: 1px solid var(--muted);
        border-radius: 7px;
        background: radial-gradient(circle at 6px 50%, var(--muted) 4px, transparent 4.5px);
        content: '';
      }

      .switch[aria-checked='true']::before {
        border-color: var(--value-fill);
        background: radial-gradient(circle at calc(100% - 6px) 50%, var(--panel) 4px, transparent 4.5px) var(--value-fill);
      }

      p {
        background: var(--update-tint);
      }

      p + p {
        border-top: 1px solid var(--line);
      }

      p.trouble {
        background: var(--error-tint);
        color: var(--ink);
      }

      p span {
        flex: 1;
      }
    `,
  ]

  override render() {
    return html`
      ${this.draft?.elsewhere || this.draft?.other ? this.otherTab(this.draft) : nothing}
      ${this.edited ? this.editedNote() : nothing}
      <div class="switches">
        ${this.switch('shapes', 'Shapes', 'S', 'The shape of what each line has computed, behind it', this.shapes)}
        ${this.switch('live', 'Run on change', 'R', 'Run the program whenever typing pauses', this.live)}
      </div>
    `
  }

  private switch(action: 'shapes' | 'live', name: string, key: string, title: string, on: boolean) {
    return html`<button class="switch" role="switch" aria-checked=${on} title="${title} (${key})" aria-keyshortcuts=${key}
      @click=${() => send(this, 'gw-action', { action })}>${name}</button>`
  }

  private editedNote() {
    const restored = this.draft?.restored ?? null
    const found = restored === null ? 'Edited.' : `Your draft${dated(restored)}.`
    const runs = this.live ? nothing : html`<kbd>Ctrl</kbd> <kbd>↵</kbd> runs it.`
    return html`<p class="edited ${this.trouble ? 'trouble' : ''}" role="status">
      <span>${this.trouble || html`${found} ${runs}`}</span>
      <button class="link" @click=${() => send(this, 'gw-reset', {})}>${
        restored === null ? 'Undo all edits' : 'Discard draft'
      }</button></p>`
  }

  private otherTab({ elsewhere, other }: DraftNote) {
    const said = elsewhere ? 'Also open in another tab.' : 'Another draft is kept.'
    return html`<p class="other" role="status"><span>${said}</span>${
      other
        ? html`<button class="link" @click=${() => send(this, 'gw-swap-drafts', {})}>Show the other text</button>`
        : nothing
    }</p>`
  }
}

/** " of 24 Nov, 14:32"; nothing where the moment is not known. */
function dated(at: number): string {
  if (at === 0) return ''
  const options = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const
  return ` of ${new Date(at).toLocaleString('en-GB', options)}`
}
