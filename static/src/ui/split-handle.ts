/** The handle between two panels: dragged, or moved by arrow keys; Enter or a double click closes and opens the panel. */

import { css, html, LitElement } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { send } from './events'

const KEY_STEP = 24

@customElement('gw-split')
export class SplitHandle extends LitElement {
  /** The name of the size that the handle changes, for the reader. */
  @property() label = ''
  /** The size of the panel, in CSS pixels; 0 is closed. */
  @property({ type: Number }) size = 0
  @property({ type: Number }) least = 180
  @property({ type: Number }) most = 800
  /** The size to which a closed panel opens. */
  @property({ type: Number }) usual = 300
  /** Which way the panel grows. */
  @property({ reflect: true }) grows: 'right' | 'left' | 'up' = 'right'
  private from: { pointer: number; size: number } | null = null

  static override styles = css`
    :host {
      position: relative;
      z-index: 5;
      display: block;
      width: 1px;
      background: var(--line);
    }

    :host([grows='up']) {
      width: auto;
      height: 1px;
    }

    div {
      position: absolute;
      inset: 0 -5px;
      cursor: col-resize;
      touch-action: none;
    }

    :host([grows='up']) div {
      inset: -5px 0;
      cursor: row-resize;
    }

    div::after {
      position: absolute;
      inset: 0 4px;
      background: transparent;
      content: '';
    }

    :host([grows='up']) div::after {
      inset: 4px 0;
    }

    div:hover::after,
    div:focus-visible::after {
      background: var(--focus);
    }

    div:focus-visible {
      outline: none;
    }
  `

  override render() {
    return html`<div role="separator" tabindex="0" aria-label=${this.label}
      aria-orientation=${this.grows === 'up' ? 'horizontal' : 'vertical'}
      aria-valuenow=${Math.round(this.size)} aria-valuemin="0" aria-valuemax=${this.most}
      title="${this.label}: drag, arrow keys, Enter closes and opens"
      @pointerdown=${this.grab} @pointermove=${this.drag} @pointerup=${this.drop} @pointercancel=${this.drop}
      @dblclick=${this.toggle} @keydown=${this.onKey}></div>`
  }

  private grab = (event: PointerEvent) => {
    this.from = { pointer: this.along(event), size: this.size }
    ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
  }

  private drag = (event: PointerEvent) => {
    if (!this.from) return
    const moved = this.along(event) - this.from.pointer
    this.resize(this.from.size + (this.grows === 'right' ? moved : -moved))
  }

  private drop = () => {
    this.from = null
  }

  private toggle = () => {
    send(this, 'gw-resize', { size: this.size === 0 ? this.usual : 0 })
  }

  private onKey = (event: KeyboardEvent) => {
    const larger = { right: 'ArrowRight', left: 'ArrowLeft', up: 'ArrowUp' }[this.grows]
    const smaller = { right: 'ArrowLeft', left: 'ArrowRight', up: 'ArrowDown' }[this.grows]
    if (event.key === larger) this.resize(Math.max(this.size + KEY_STEP, this.least))
    else if (event.key === smaller) this.resize(this.size - KEY_STEP)
    else if (event.key === 'Enter') this.toggle()
    else return
    event.preventDefault()
  }

  private along(event: PointerEvent): number {
    return this.grows === 'up' ? event.clientY : event.clientX
  }

  /** Below half of the least size the panel closes. */
  private resize(size: number): void {
    const held = size < this.least / 2 ? 0 : Math.min(this.most, Math.max(this.least, size))
    send(this, 'gw-resize', { size: held })
  }
}
