/** A word in a text: its definition is shown in a small card while the word is pointed at or has the focus. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { GlossaryWord } from '../../core/contract'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import { definition } from './definition'

/** Milliseconds that the pointer rests on a word before its card comes, and that it may be away before the card goes. */
const REST = 250
/** Pixels between a word and its card, and between the card and the edge of the window. */
const GAP = 4
const EDGE = 8

@customElement('gw-word')
export class WordInText extends LitElement {
  @property({ attribute: false }) word: GlossaryWord | null = null
  @state() private open = false
  /** True while the focus may go into the card: without that, Tab goes on to the next word. */
  @state() private entered = false
  @query('.card') private card!: HTMLElement | null
  private timer: ReturnType<typeof setTimeout> | undefined

  static override styles = [
    controls,
    css`
      .word {
        border-radius: 3px;
        text-decoration: underline dotted var(--muted) 1px;
        text-underline-offset: 3px;
        cursor: help;
      }

      .word:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: 1px;
      }

      .card {
        position: fixed;
        inset: auto;
        width: max-content;
        max-width: min(340px, calc(100vw - 16px));
        margin: 0;
        padding: 9px 12px;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        background: var(--card);
        color: var(--ink);
        box-shadow: var(--shadow);
        font: 14px/1.45 var(--sans);
        text-align: left;
        white-space: normal;
      }

      p {
        margin: 0 0 6px;
      }

      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 14px;
        margin: 0;
        font-size: 13px;
      }

      code {
        padding: 1px 4px;
        border-radius: 4px;
        background: var(--room);
        font: 0.88em var(--mono);
      }

      a {
        color: var(--value);
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('pointerenter', this.onPointer)
    this.addEventListener('pointerleave', this.onPointer)
    this.addEventListener('focusout', this.onFocusOut)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.hide()
    this.removeEventListener('pointerenter', this.onPointer)
    this.removeEventListener('pointerleave', this.onPointer)
    this.removeEventListener('focusout', this.onFocusOut)
  }

  override render() {
    const { word } = this
    if (word === null) return html`<slot></slot>`
    return html`<span class="word" role="button" tabindex="0" aria-expanded=${this.open} aria-describedby=${this.open ? 'said' : nothing}
        @focus=${this.onFocus} @click=${this.onClick} @keydown=${this.onKey}><slot></slot></span>${this.open ? this.definition(word) : nothing}`
  }

  private definition({ id, name, definition: text, lesson, lesson_title, stop, stop_title }: GlossaryWord) {
    return html`<span class="card" role="dialog" aria-label=${name} popover="manual" @keydown=${this.onKey}>
      <p id="said"><b>${name}</b>: ${definition(text)}</p>
      <span class="ways"><a href="/lessons/${lesson}?stop=${stop}" title="${stop_title}, stop ${stop}"
        tabindex=${this.entered ? 0 : -1} @click=${(e: MouseEvent) => this.follow(e, lesson, stop)}>Lesson: ${lesson_title}</a>
        <button class="link" tabindex=${this.entered ? 0 : -1} @click=${() => this.look(id)}>Glossary</button></span></span>`
  }

  private show(): void {
    clearTimeout(this.timer)
    if (this.open) return
    this.open = true
    window.addEventListener('keydown', this.onEscape, { capture: true })
    window.addEventListener('scroll', this.onScroll, { capture: true, passive: true })
    window.addEventListener('pointerdown', this.onOutside, { capture: true })
    void this.updateComplete.then(() => this.place())
  }

  private hide(): void {
    clearTimeout(this.timer)
    this.open = false
    this.entered = false
    window.removeEventListener('keydown', this.onEscape, { capture: true })
    window.removeEventListener('scroll', this.onScroll, { capture: true })
    window.removeEventListener('pointerdown', this.onOutside, { capture: true })
  }

  /** Put the card below the word, or above it where there is no room below. */
  private place(): void {
    const { card } = this
    if (card === null || !this.isConnected) return
    card.showPopover?.()
    // a word that goes over two lines has two rectangles
    const word = this.getClientRects()[0] ?? this.getBoundingClientRect()
    const { width, height } = card.getBoundingClientRect()
    const below = word.bottom + GAP
    const top = below + height + EDGE > window.innerHeight ? word.top - GAP - height : below
    const left = Math.min(word.left, window.innerWidth - width - EDGE)
    card.style.top = `${Math.max(EDGE, top)}px`
    card.style.left = `${Math.max(EDGE, left)}px`
  }

  private follow(event: MouseEvent, slug: string, stop: number): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.hide()
    send(this, 'gw-lesson', { slug, stop })
  }

  private look(word: string): void {
    this.hide()
    send(this, 'gw-glossary-word', { word })
  }

  private readonly onPointer = ({ type, pointerType }: PointerEvent) => {
    // a finger taps, which is a click
    if (pointerType === 'touch') return
    clearTimeout(this.timer)
    if (type === 'pointerenter') this.timer = setTimeout(() => this.show(), REST)
    else if (!this.matches(':focus-within')) this.timer = setTimeout(() => this.hide(), REST)
  }

  private readonly onFocus = (event: FocusEvent) => {
    // a click gives the focus too, and opens by itself
    if ((event.currentTarget as HTMLElement).matches(':focus-visible')) this.show()
  }

  private readonly onFocusOut = ({ relatedTarget }: FocusEvent) => {
    if (!(relatedTarget instanceof Node) || !this.shadowRoot?.contains(relatedTarget)) this.hide()
  }

  private readonly onClick = () => {
    if (this.open) this.hide()
    else this.show()
  }

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    // the keys of the page must not step meanwhile
    event.stopPropagation()
    if (event.target !== this.shadowRoot?.querySelector('.word')) return
    event.preventDefault()
    this.show()
    void this.enter()
  }

  /** Gives the focus to the way to the lesson. */
  private async enter(): Promise<void> {
    this.entered = true
    await this.updateComplete
    this.shadowRoot?.querySelector<HTMLElement>('.card a')?.focus()
  }

  private readonly onEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    if (this.entered) this.shadowRoot?.querySelector<HTMLElement>('.word')?.focus()
    this.hide()
  }

  private readonly onScroll = () => this.hide()

  private readonly onOutside = (event: Event) => {
    if (!event.composedPath().includes(this)) this.hide()
  }
}
