/** The menu of lessons: a button and, once it is asked for, a list, driven by mouse or keyboard. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { LessonSummary } from '../../core/contract'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import type { LessonList } from './lesson-list'

@customElement('gw-lesson-menu')
export class LessonMenu extends LitElement {
  @property({ attribute: false }) lessons: readonly LessonSummary[] = []
  /** The slug of the lesson that is open; null for the reader's own program. */
  @property({ attribute: false }) current: string | null = null
  @state() private open = false
  @state() private lost = false
  @query('button') private button!: HTMLButtonElement
  @query('gw-lesson-list') private shown!: LessonList | null
  private ready: Promise<unknown> = Promise.resolve()

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

      .lost {
        position: absolute;
        z-index: 20;
        top: calc(100% + 6px);
        left: 0;
        width: min(400px, calc(100vw - 32px));
        margin: 0;
        padding: 10px 14px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--card);
        box-shadow: var(--shadow);
      }
    `,
  ]

  override render() {
    const title = this.lessons.find((one) => one.slug === this.current)?.title ?? 'Lessons'
    return html`
      <button class="button" aria-haspopup="menu" aria-expanded=${this.open} @click=${this.toggle}
        @pointerenter=${this.prefetch} @focus=${this.prefetch} @keydown=${this.onButtonKey}><span class="title">${title}</span> ▾</button>
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

  /** Load the list when the reader comes to the button: who opens it may type at once. */
  private prefetch = () => void import('./lesson-list').catch(() => {})

  private list() {
    if (this.lost || this.lessons.length === 0)
      return html`<p class="lost" role="alert">The list of lessons could not be loaded: the server cannot be reached. Open it again when
        the server is back.</p>`
    return html`<gw-lesson-list .lessons=${this.lessons} .current=${this.current} @gw-close=${() => this.close()}
      @gw-choose=${(e: CustomEvent<string>) => this.choose(e.detail)}></gw-lesson-list>`
  }

  private toggle = () => {
    this.lost = false
    this.open = !this.open
    if (this.open) this.ready = this.load()
  }

  private async load(): Promise<void> {
    try {
      await import('./lesson-list')
      await this.updateComplete
      await this.shown?.updateComplete
      // not before: a key that goes to the list must not overtake those that are kept for it
      this.shown?.focusCurrent()
    } catch {
      this.lost = true
    }
  }

  private choose(slug: string): void {
    this.close()
    send(this, 'gw-lesson', { slug })
  }

  /** Keys that are pressed while the list is loading are kept, and given to it as soon as it is there. */
  private onButtonKey = (event: KeyboardEvent) => {
    const { key } = event
    if (event.ctrlKey || event.metaKey || event.altKey || (!this.open && key !== 'ArrowDown')) return
    event.preventDefault()
    event.stopPropagation()
    if (!this.open) this.toggle()
    else if (key === 'Escape') this.close()
    else this.ready = this.ready.then(() => this.shown?.pressKept(key))
  }

  private closeOutside = (event: Event) => {
    if (!event.composedPath().includes(this)) this.open = false
  }

  private close(): void {
    this.open = false
    this.button.focus()
  }
}
