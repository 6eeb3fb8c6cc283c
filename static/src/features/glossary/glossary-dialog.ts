/** All words of the glossary with their definitions, found by typing. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { GlossaryWord } from '../../core/contract'
import { dialogs } from '../../ui/dialog-styles'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import { definition } from './definition'
import { matching } from './glossary-search'

@customElement('gw-glossary')
export class GlossaryDialog extends LitElement {
  @property({ attribute: false }) words: readonly GlossaryWord[] = []
  @state() private typed = ''
  @query('dialog') private dialog!: HTMLDialogElement
  @query('input') private field!: HTMLInputElement

  static override styles = [
    controls,
    dialogs,
    css`
      dialog {
        width: min(680px, calc(100vw - 32px));
        height: min(720px, calc(100vh - 48px));
      }

      dialog[open] {
        display: flex;
        flex-direction: column;
      }

      input {
        width: 100%;
        height: 36px;
        padding: 0 10px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--card);
      }

      [role='status'] {
        margin: 6px 0;
        color: var(--muted);
        font-size: 12.5px;
      }

      dl {
        flex: 1;
        margin: 0 -8px;
        padding: 0 8px;
        overflow-y: auto;
      }

      dt {
        margin-top: 12px;
        border-radius: 4px;
        font-weight: 650;
      }

      dt:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }

      dt small {
        color: var(--muted);
        font-weight: 400;
      }

      dd {
        margin: 2px 0 0;
      }

      .ways {
        color: var(--muted);
        font-size: 13px;
      }

      a {
        color: var(--value);
      }

      code {
        padding: 1px 4px;
        border-radius: 4px;
        background: var(--room);
        font: 0.88em var(--mono);
      }
    `,
  ]

  override render() {
    const found = matching(this.words, this.typed)
    const told =
      this.typed.trim() === '' ? `${this.words.length} words` : `${found.length} of ${this.words.length} words`
    return html`<dialog aria-labelledby="title">
      <header role="none"><h2 id="title">Glossary</h2><form method="dialog"><button class="button">Close</button></form></header>
      <input type="search" aria-label="Search a word" placeholder="gradient, batch, softmax …" autocomplete="off" .value=${this.typed}
        @input=${this.onInput} @keydown=${this.onKey}>
      <p role="status">${told}</p>
      <dl tabindex="-1">${found.map((word) => this.entry(word))}</dl>
    </dialog>`
  }

  /** Opens the glossary at a word, or with nothing typed. */
  async show(word: string | null = null): Promise<void> {
    this.typed = ''
    await this.updateComplete
    if (!this.dialog.open) this.dialog.showModal()
    if (word === null) this.field.focus()
    else this.goTo(word)
  }

  private entry({ id, name, forms, definition: text, lesson, lesson_title, stop, stop_title, related }: GlossaryWord) {
    const names = new Map(this.words.map((word) => [word.id, word.name]))
    return html`<dt id="word-${id}" tabindex="-1">${name}${forms.length > 0 ? html` <small>also: ${forms.join(', ')}</small>` : nothing}</dt>
      <dd>${definition(text)}</dd>
      <dd class="ways">Seen at <a href="/lessons/${lesson}?stop=${stop}" @click=${(e: MouseEvent) => this.follow(e, lesson, stop)}
        >${lesson_title}: ${stop_title}</a>. See ${related.map(
          (other, k) =>
            html`${k === 0 ? '' : ', '}<button class="link" @click=${() => this.goTo(other)}>${names.get(other)}</button>`,
        )}</dd>`
  }

  /** Brings a word into view and gives it the focus, also where the search has left it out. */
  private goTo(id: string): void {
    if (!matching(this.words, this.typed).some((word) => word.id === id)) this.typed = ''
    void this.updateComplete.then(() => {
      const entry = this.renderRoot.querySelector<HTMLElement>(`#word-${CSS.escape(id)}`)
      entry?.focus({ preventScroll: true })
      entry?.scrollIntoView({ block: 'start' })
    })
  }

  private follow(event: MouseEvent, slug: string, stop: number): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.dialog.close()
    send(this, 'gw-lesson', { slug, stop })
  }

  private onInput = () => {
    this.typed = this.field.value
  }

  /** Enter goes to the first word that was found. */
  private onKey = (event: KeyboardEvent) => {
    const first = matching(this.words, this.typed)[0]
    if (event.key !== 'Enter' || first === undefined) return
    event.preventDefault()
    this.goTo(first.id)
  }
}
