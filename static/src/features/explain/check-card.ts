/** The check of a gradient by finite differences of the reader's own program: asked for, under way, or with its numbers. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { isAbort } from '../../api/errors'
import type { Check } from '../../core/contract'
import { cards, controls } from '../../ui/styles'
import { rowsOf, verdictOf } from './check-verdict'

const DIFFERENCES = '\\frac{L(x + h) - L(x - h)}{2h}'
const SIGNS = { good: '✓', bad: '✗', open: '?' } as const

@customElement('gw-check')
export class CheckCard extends LitElement {
  /** An identifier of the number that is checked. */
  @property() subject = ''
  @property({ attribute: false }) ask: ((signal: AbortSignal) => Promise<Check>) | null = null
  @state() private found: Check | null = null
  @state() private running = false
  @state() private problem = ''
  private asked = new AbortController()

  static override styles = [
    controls,
    cards,
    css`
      :host {
        display: block;
      }

      .button {
        position: absolute;
        top: 7px;
        right: 7px;
        height: 30px;
        padding: 0 9px;
        font-size: 13px;
      }

      gw-math {
        font-size: 17px;
      }

      table {
        width: 100%;
        margin-top: 6px;
        border-collapse: collapse;
        font-size: 13px;
      }

      th,
      td {
        padding: 3px 0;
        border-top: 1px solid var(--line-strong);
        font-weight: 400;
        text-align: left;
      }

      td {
        font: 13px var(--mono);
        text-align: right;
      }

      tr:nth-child(4) td,
      tr:nth-child(5) td {
        color: var(--gradient);
        font-weight: 700;
      }

      p {
        margin: 6px 0 0;
        font-size: 13px;
        line-height: 1.4;
      }

      .good {
        color: var(--good);
      }

      .bad {
        color: var(--error);
      }
    `,
  ]

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.asked.abort()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('subject')) return
    this.asked.abort()
    this.found = null
    this.problem = ''
    this.running = false
  }

  override render() {
    return html`<button class="button" aria-keyshortcuts="V" ?disabled=${this.running} @click=${this.check}
        title="Your program runs again with this number moved a little: what does the loss do?">Check it<kbd>V</kbd></button>
      <div role="status">${this.running ? html`<p class="muted">Your program runs again, five times …</p>` : nothing}
      ${this.problem ? html`<p>${this.problem}</p>` : nothing}${this.found ? this.numbers(this.found) : nothing}</div>`
  }

  /** Has the gradient checked. */
  check = async (): Promise<void> => {
    if (this.ask === null || this.running) return
    this.asked = new AbortController()
    const { signal } = this.asked
    this.running = true
    this.problem = ''
    try {
      this.found = await this.ask(signal)
    } catch (error) {
      if (isAbort(error) || signal.aborted) return
      this.found = null
      this.problem = error instanceof Error ? error.message : String(error)
    }
    this.running = false
  }

  private numbers(found: Check) {
    const rows = rowsOf(found)
    const { kind, text } = verdictOf(found)
    return html`${
      rows.length > 0
        ? html`<p><gw-math .tex=${DIFFERENCES}></gw-math></p>
        <table aria-label="The check by finite differences"><tbody>${rows.map(
          ([name, number]) => html`<tr><th scope="row">${name}</th><td>${number}</td></tr>`,
        )}</tbody></table>`
        : nothing
    }<p class=${kind}><span aria-hidden="true">${SIGNS[kind]}</span> ${text}</p>`
  }
}
