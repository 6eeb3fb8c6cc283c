/** Notices of the page: the server cannot be reached, a run is under way. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { send } from '../ui/events'
import { controls, unseen } from '../ui/styles'
import type { Busy, Notice } from './state'
import { describeWaiting, Speaker } from './waiting-text'

/** Milliseconds before waiting is worth a word: most runs answer sooner, and a flash of text would only unsettle. */
const PATIENCE = 400

@customElement('gw-notice')
export class NoticeBar extends LitElement {
  @property({ attribute: false }) busy: Busy | null = null
  @property({ attribute: false }) notice: Notice | null = null
  @state() private seconds = 0
  @state() private spoken = ''
  private readonly speaker = new Speaker()
  private timer = 0

  static override styles = [
    unseen,
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

      .box {
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

      /* the numbers change many times a second: the box must not, however long a loss and a turn are written */
      .what {
        overflow: hidden;
        width: 29em;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }

      .seconds {
        min-width: 42px;
        color: var(--muted);
        font-variant-numeric: tabular-nums;
        text-align: right;
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
    // what a screen reader shall read must be there before its text is
    return html`${this.notice ? this.told(this.notice) : this.waiting()}
      <span class="spoken unseen" role="status" aria-live="polite">${this.spoken}</span>`
  }

  private told({ kind, text, again }: Notice) {
    return html`<div class="box ${kind}" role=${kind === 'error' ? 'alert' : 'status'}><span>${text}</span>
      ${again ? html`<button class="button strong" @click=${() => send(this, 'gw-retry', {})}>Try again</button>` : nothing}
      <button class="button" @click=${() => send(this, 'gw-dismiss', {})}>OK</button></div>`
  }

  private waiting() {
    const busy = this.patient()
    if (busy === null) return nothing
    return html`<div class="box"><span class="spinner"></span><span class="what" aria-hidden="true">${describeWaiting(busy)}</span>
      <span class="seconds" aria-hidden="true">${Math.floor(this.seconds)} s</span>
      <button class="button" @click=${() => send(this, 'gw-cancel', {})}>Cancel</button></div>`
  }

  /** Return the state of waiting once it has lasted long enough to be shown. */
  private patient(): Busy | null {
    return this.seconds * 1000 < PATIENCE ? null : this.busy
  }

  private tick(): void {
    const now = performance.now()
    this.seconds = this.busy ? (now - this.busy.since) / 1000 : 0
    this.spoken = this.speaker.say(this.patient(), now)
  }
}
