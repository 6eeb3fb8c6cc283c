/** The menu of lessons: a button and a list, driven by mouse or keyboard. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { LessonSummary } from '../api/types'
import { send } from '../shell/events'
import { controls } from '../shell/styles'

@customElement('gw-lesson-menu')
export class LessonMenu extends LitElement {
  @property({ attribute: false }) lessons: readonly LessonSummary[] = []
  /** The slug of the lesson that is open; null for the reader's own program. */
  @property({ attribute: false }) current: string | null = null
  @state() private open = false
  @query('button') private button!: HTMLButtonElement

  static override styles = [
    controls,
    css`
      :host {
        position: relative;
        display: block;
      }

      .button {
        max-width: 100%;
      }

      .title {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      ul {
        position: absolute;
        z-index: 20;
        top: calc(100% + 6px);
        left: 0;
        width: min(400px, calc(100vw - 32px));
        max-height: 70vh;
        margin: 0;
        padding: 6px;
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--card);
        box-shadow: var(--shadow);
        list-style: none;
      }

      a {
        display: block;
        padding: 8px 12px;
        border-radius: 7px;
        color: var(--ink);
        text-decoration: none;
      }

      a:hover,
      a:focus-visible {
        background: var(--hover);
      }

      a[aria-current] {
        background: var(--value-tint);
      }

      strong {
        display: block;
        font-weight: 600;
      }

      small {
        display: block;
        color: var(--muted);
        font-size: 12.5px;
      }
    `,
  ]

  override render() {
    const title = this.lessons.find((one) => one.slug === this.current)?.title ?? 'Lessons'
    return html`
      <button class="button" aria-haspopup="menu" aria-expanded=${this.open} @click=${this.toggle}
        @keydown=${this.onButtonKey}><span class="title">${title}</span> ▾</button>
      ${this.open ? this.list() : nothing}
    `
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('pointerdown', this.closeOutside)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('pointerdown', this.closeOutside)
  }

  private list() {
    return html`<ul role="menu" aria-label="Lessons" @keydown=${this.onListKey}>
      ${this.lessons.map(
        (one) => html`<li role="none"><a role="menuitem" tabindex="-1" href="/lessons/${one.slug}"
          aria-current=${one.slug === this.current ? 'page' : nothing}
          @click=${(event: MouseEvent) => this.choose(event, one.slug)}
          ><strong>${one.title}</strong><small>${one.summary}</small></a></li>`,
      )}
    </ul>`
  }

  private toggle = async () => {
    this.open = !this.open
    await this.updateComplete
    if (this.open) (this.items().find((item) => item.ariaCurrent) ?? this.items()[0])?.focus()
  }

  private choose(event: MouseEvent, slug: string): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.close()
    send(this, 'gw-lesson', { slug })
  }

  private onButtonKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' || this.open) return
    event.preventDefault()
    void this.toggle()
  }

  private onListKey = (event: KeyboardEvent) => {
    const items = this.items()
    const at = items.indexOf(this.shadowRoot?.activeElement as HTMLAnchorElement)
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }
    const target = targets[event.key]
    if (event.key === 'Escape' || event.key === 'Tab') this.close()
    if (target !== undefined) items[(target + items.length) % items.length]?.focus()
    if (target !== undefined || event.key === 'Escape') event.preventDefault()
    event.stopPropagation()
  }

  private closeOutside = (event: Event) => {
    if (!event.composedPath().includes(this)) this.open = false
  }

  private close(): void {
    this.open = false
    this.button.focus()
  }

  private items(): HTMLAnchorElement[] {
    return [...(this.shadowRoot?.querySelectorAll('a') ?? [])]
  }
}
