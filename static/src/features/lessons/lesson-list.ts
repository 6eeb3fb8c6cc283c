/** The list of lessons under its button: in parts, with what was done, searched by typing. Loaded when it is opened. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { LessonSummary } from '../../core/contract'
import { send } from '../../ui/events'
import { bestOf, found, inParts } from './lesson-chapters'
import { countRight, isDone, readScore } from './lesson-score'

@customElement('gw-lesson-list')
export class LessonList extends LitElement {
  @property({ attribute: false }) lessons: readonly LessonSummary[] = []
  /** The slug of the lesson that is open; null for the reader's own program. */
  @property({ attribute: false }) current: string | null = null
  @state() private typed = ''
  private searching: Promise<void> = Promise.resolve()

  static override styles = css`
    :host {
      position: absolute;
      z-index: 20;
      top: calc(100% + 6px);
      left: 0;
      width: min(420px, calc(100vw - 32px));
      max-height: min(70vh, 560px);
      padding: 6px;
      overflow: auto;
      border: 1px solid var(--line);
      border-radius: 10px;
      background: var(--card);
      box-shadow: var(--shadow);
    }

    .typed {
      margin: 0;
      padding: 4px 12px 6px;
      color: var(--muted);
      font-size: 12.5px;
    }

    .typed b {
      color: var(--ink);
    }

    .part {
      display: block;
      padding: 8px 12px 2px;
      color: var(--muted);
      font-size: 12.5px;
      font-weight: 600;
    }

    a {
      display: block;
      padding: 8px 12px;
      border-radius: 7px;
      color: var(--ink);
      text-decoration: none;
    }

    .map {
      width: 100%;
      margin-top: 6px;
      padding: 8px 12px;
      border: 0;
      border-top: 1px solid var(--line);
      background: none;
      color: var(--value);
      font: inherit;
      text-align: left;
      cursor: pointer;
    }

    a:hover,
    .map:hover {
      background: var(--hover);
    }

    a:focus-visible,
    .map:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: -2px;
      background: var(--hover);
    }

    a[aria-current] {
      background: var(--value-tint);
    }

    strong {
      display: flex;
      gap: 8px;
      justify-content: space-between;
      font-weight: 600;
    }

    .done {
      flex: none;
      color: var(--good);
      font-size: 12.5px;
    }

    .begun {
      flex: none;
      color: var(--muted);
      font-size: 12.5px;
      font-weight: 400;
    }

    small {
      display: block;
      color: var(--muted);
      font-size: 12.5px;
    }
  `

  override render() {
    const shown = found(this.lessons, this.typed)
    return html`<p class="typed" role="status">${this.searched(shown.length)}</p>
      <div role="menu" aria-label="Lessons" @keydown=${this.onKey}>${inParts(shown).map(({ name, lessons }) =>
        name === ''
          ? lessons.map((one) => this.item(one))
          : html`<div role="group" aria-label=${name}><span class="part" aria-hidden="true">${name}</span>${lessons.map((one) => this.item(one))}</div>`,
      )}${this.typed === '' ? this.map() : nothing}</div>`
  }

  private map() {
    return html`<button role="menuitem" tabindex="-1" class="map" @click=${this.openMap}>Map of the course: what builds on what</button>`
  }

  private openMap = () => {
    this.dispatchEvent(new CustomEvent('gw-close'))
    send(this, 'gw-action', { action: 'course' })
  }

  /** Focus the lesson that is open, else the first one. */
  focusCurrent(): void {
    const items = this.items()
    ;(items.find((item) => item.ariaCurrent) ?? items[0])?.focus()
  }

  private searched(count: number) {
    if (this.typed === '') return 'Type to search.'
    if (count === 0) return html`No lesson has <b>${this.typed}</b> in its title or summary. Esc shows all of them.`
    return html`<b>${this.typed}</b>: ${count} of ${this.lessons.length}. Esc shows all of them.`
  }

  private item(one: LessonSummary) {
    const current = one.slug === this.current
    return html`<a role="menuitem" tabindex="-1" href="/lessons/${one.slug}" aria-current=${current ? 'page' : nothing}
      @click=${(event: MouseEvent) => this.choose(event, one.slug)}
      ><strong>${one.title}${this.doneness(one.slug)}</strong><small>${one.summary}</small></a>`
  }

  private doneness(slug: string) {
    const score = readScore(slug)
    if (isDone(score)) return html`<span class="done">✓ done</span>`
    return countRight(score) > 0 ? html`<span class="begun">${countRight(score)} of ${score.of}</span>` : nothing
  }

  private choose(event: MouseEvent, slug: string): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.dispatchEvent(new CustomEvent('gw-choose', { detail: slug }))
  }

  private onKey = (event: KeyboardEvent) => {
    event.stopPropagation()
    // a link opens by itself, and in a tab of its own where that is asked for
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === 'Enter') return
    if (this.press(event.key) && event.key !== 'Tab') event.preventDefault()
  }

  /** Do what a kept key means; resolve when its search has found its lesson, for the next key may open that. */
  async pressKept(key: string): Promise<void> {
    this.press(key)
    await this.searching
  }

  /** Does what a key means here. Tells whether it means something. */
  press(key: string): boolean {
    const items = this.items()
    const at = items.indexOf(this.shadowRoot?.activeElement as HTMLElement)
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }
    const target = targets[key]
    if (target !== undefined) items[(target + items.length) % items.length]?.focus()
    else if (key === 'Enter') items[at]?.click()
    else if (key === 'Backspace') this.searching = this.search(this.typed.slice(0, -1))
    else if (key === 'Escape' && this.typed !== '') this.searching = this.search('')
    else if (key === 'Escape' || key === 'Tab') this.dispatchEvent(new CustomEvent('gw-close'))
    else if (key.length === 1 && (key !== ' ' || this.typed !== '')) this.searching = this.search(this.typed + key)
    else return false
    return true
  }

  /** Focus the best lesson that was found, or the list itself without one, so that typing goes on. */
  private async search(typed: string): Promise<void> {
    this.typed = typed
    await this.updateComplete
    const best = this.items()[typed === '' ? 0 : bestOf(found(this.lessons, typed), typed)]
    if (best) return best.focus()
    const menu = this.shadowRoot?.querySelector<HTMLElement>('[role=menu]')
    if (menu) menu.tabIndex = -1
    menu?.focus()
  }

  private items(): HTMLElement[] {
    return [...(this.shadowRoot?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
  }
}
