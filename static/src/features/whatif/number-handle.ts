/** A number that can be dragged sideways, moved by keys, and typed. It says what is wanted; its owner says what it is. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { type Pace, paceOf, parseTyped, pulled, stepped, unitOf } from '../../core/scrubbing'
import { controls } from '../../ui/styles'
import { asHeld } from './dtype-rounding'
import { numberText } from './leaf-changes'

/** Pixels that a press may slip and still is a click. */
const SLIP = 3
const PAGE = 10

const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: PAGE,
  PageDown: -PAGE,
}

/** A pointer that holds the number. `at`: `origin` and the pointer's way, not yet in whole units. */
interface Hold {
  pointer: number
  began: number
  last: number
  origin: number
  at: number
  moves: boolean
}

/** Sends `number` with the number that is wanted; `null` for the recorded one. */
@customElement('gw-number')
export class NumberHandle extends LitElement {
  @property({ type: Number }) value = 0
  @property({ type: Number }) recorded = 0
  @property() label = ''
  @property() dtype = 'float32'
  /** Which size it is taken to have, see scrubbing.ts. */
  @property({ type: Number }) size = 1
  /** True if Tab reaches it. */
  @property({ type: Boolean }) reached = true
  @state() private typing: string | null = null
  @state() private wrong = false
  @query('input') private field!: HTMLInputElement | null
  @query('.handle') private handle!: HTMLElement | null
  private hold: Hold | null = null

  static override styles = [
    controls,
    css`
      :host {
        display: inline-block;
      }

      .handle,
      input {
        width: 100%;
        min-width: 58px;
        height: 28px;
        padding: 0 7px;
        border: 1px solid var(--line-strong);
        border-radius: 6px;
        background: var(--value-tint);
        color: var(--value);
        font: 600 13px/26px var(--mono);
        text-align: center;
        white-space: nowrap;
      }

      .handle {
        cursor: ew-resize;
        touch-action: pan-y;
        user-select: none;
      }

      .handle:hover,
      .handle.held {
        border-color: var(--value-fill);
      }

      .changed {
        border-width: 2px;
        border-color: var(--value-fill);
        background: var(--card);
        line-height: 24px;
      }

      input {
        background: var(--card);
        cursor: text;
      }

      input[aria-invalid='true'] {
        border-color: var(--error);
        color: var(--error);
      }
    `,
  ]

  protected override updated(changed: PropertyValues): void {
    if (changed.has('typing') && this.typing !== null && changed.get('typing') === null) this.field?.focus()
  }

  override focus(): void {
    this.handle?.focus()
  }

  override render() {
    return this.typing === null ? this.number() : this.typed(this.typing)
  }

  private number() {
    const { value, recorded } = this
    const changed = value !== recorded
    const text = numberText(value)
    const was = changed ? `, recorded ${numberText(recorded)}` : ''
    return html`<div class="handle ${changed ? 'changed' : ''}" role="spinbutton" tabindex=${this.reached ? 0 : -1}
      aria-label=${this.label} aria-valuenow=${Number.isFinite(value) ? value : nothing} aria-valuetext="${text}${was}"
      title="Drag sideways, or type. Shift: fine, Ctrl: coarse, Delete: the recorded number"
      @pointerdown=${this.onDown} @pointermove=${this.onMove} @pointerup=${this.onUp} @pointercancel=${this.letGo}
      @keydown=${this.onKey}>${text}</div>`
  }

  private typed(text: string) {
    return html`<input type="text" inputmode="decimal" autocomplete="off" spellcheck="false" aria-label="${this.label}, new number"
      aria-invalid=${this.wrong} .value=${text} @keydown=${this.onTypingKey} @blur=${this.onBlur}>`
  }

  private onDown = (event: PointerEvent) => {
    if (event.button !== 0 || !event.isPrimary) return
    const target = event.currentTarget as HTMLElement
    target.setPointerCapture(event.pointerId)
    target.focus()
    const x = event.clientX
    this.hold = { pointer: event.pointerId, began: x, last: x, origin: this.start, at: this.start, moves: false }
  }

  private onMove = (event: PointerEvent) => {
    const { hold } = this
    if (hold === null || event.pointerId !== hold.pointer) return
    if (!hold.moves) {
      if (Math.abs(event.clientX - hold.began) < SLIP) return
      hold.moves = true
    }
    const unit = unitOf(this.size, paceOf(event))
    hold.at += (event.clientX - hold.last) * unit
    hold.last = event.clientX
    this.want(pulled(hold.origin, hold.at, unit))
  }

  private onUp = (event: PointerEvent) => {
    const { hold } = this
    this.letGo()
    if (hold !== null && event.pointerId === hold.pointer && !hold.moves) this.begin(null)
  }

  private letGo = () => {
    this.hold = null
  }

  private onKey = (event: KeyboardEvent) => {
    const steps = STEPS[event.key]
    if (event.key === 'Enter' || event.key === 'F2') this.begin(null)
    else if (event.key === 'Delete' || event.key === 'Backspace') this.tell(null)
    else if (steps !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) this.step(steps, paceOf(event))
    else if (/^[-+.,\d−]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) this.begin(event.key)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  private onTypingKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') this.take()
    else if (event.key === 'Escape') this.leave()
    else {
      this.wrong = false
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  /** A typed number counts when the field is left, unless it is invalid. */
  private onBlur = () => {
    if (this.typing === null) return
    const number = parseTyped(this.field?.value ?? '')
    this.typing = null
    this.wrong = false
    if (number !== null) this.want(number)
  }

  private take(): void {
    const number = parseTyped(this.field?.value ?? '')
    this.wrong = number === null || !Number.isFinite(asHeld(number, this.dtype))
    if (number === null || this.wrong) return
    this.leave()
    this.want(number)
  }

  private leave(): void {
    this.typing = null
    this.wrong = false
    void this.updateComplete.then(() => this.handle?.focus())
  }

  /** `key`: the first one typed; null: the number that there is, to be typed over. */
  private begin(key: string | null): void {
    this.typing = key ?? String(this.value)
    if (key === null) void this.updateComplete.then(() => this.field?.select())
  }

  private step(steps: number, pace: Pace): void {
    this.want(stepped(this.start, steps, unitOf(this.size, pace)))
  }

  /** The value from which it is moved; 0 for NaN and infinities. */
  private get start(): number {
    return Number.isFinite(this.value) ? this.value : 0
  }

  private want(number: number): void {
    const held = asHeld(number, this.dtype)
    if (held !== this.value && Number.isFinite(held)) this.tell(held)
  }

  private tell(number: number | null): void {
    this.dispatchEvent(new CustomEvent<number | null>('number', { detail: number }))
  }
}
