/** What the page has to say about itself: the server is away, a run is under way. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Busy, Notice } from '../state/page'
import { send } from './events'
import { controls } from './styles'

/** Milliseconds before waiting is worth a word: most runs answer sooner, and a flash of text would only unsettle. */
const PATIENCE = 400

const WORDS: Record<Busy['what'], string> = {
  opening: 'Opening',
  preparing: 'Preparing the lessons',
  running: 'Running the program',
  trying: 'Running the program',
  iteration: 'Fetching the iteration',
}

@customElement('gw-notice')
export class NoticeBar extends LitElement {
  @property({ attribute: false }) busy: Busy | null = null
  @property({ attribute: false }) notice: Notice | null = null
  @state() private seconds = 0
  private timer = 0

  static override styles = [
    controls,
    css`
      :host {
        position: absolute;
        z-index: 6;
        top: 10px;
        right: 12px;
        left: 12px;
        display: flex;
        justify-content: flex-end;
        pointer-events: none;
      }

      div {
        display: flex;
        gap: 14px;
        align-items: center;
        max-width: 640px;
        padding: 8px 14px;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--card);
        box-shadow: var(--shadow);
        pointer-events: auto;
      }

      .error {
        border-color: var(--error);
        background: var(--error-tint);
      }

      .spinner {
        width: 14px;
        height: 14px;
        border: 2px solid var(--line-strong);
        border-top-color: var(--value-fill);
        border-radius: 50%;
        animation: turn 0.8s linear infinite;
      }

      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }

      @media (prefers-reduced-motion: reduce) {
        .spinner {
          animation: none;
        }
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    this.timer = window.setInterval(() => this.tick(), 100)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.timer)
  }

  override render() {
    if (this.notice)
      return html`<div class=${this.notice.kind} role="alert"><span>${this.notice.text}</span>
        <button class="button" @click=${() => send(this, 'gw-dismiss', {})}>OK</button></div>`
    if (!this.busy || this.seconds * 1000 < PATIENCE) return nothing
    return html`<div role="status"><span class="spinner"></span><span>${WORDS[this.busy.what]} … ${Math.floor(this.seconds)} s</span>
      <button class="button" @click=${() => send(this, 'gw-cancel', {})}>Cancel</button></div>`
  }

  private tick(): void {
    this.seconds = this.busy ? (performance.now() - this.busy.since) / 1000 : 0
  }
}
