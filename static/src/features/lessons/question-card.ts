/** A question of a lesson: choices or a number, checked here; word, form and colour say whether the answer is right. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { guard } from 'lit/directives/guard.js'
import type { LessonQuestion } from '../../core/contract'
import { controls } from '../../ui/styles'
import { complaintOf, judge, solution, type Verdict } from './lesson-answers'
import { prose } from './prose'
import { sanitise } from './sanitise'

/** Wrong numbers after which the answer is offered. */
const PATIENCE = 2

@customElement('gw-question')
export class QuestionCard extends LitElement {
  @property({ attribute: false }) question!: LessonQuestion
  /** Which one of how many of the lesson. */
  @property({ attribute: false }) number = 1
  @property({ attribute: false }) of = 1
  /** True if the reader can go on from here: they are at the stop of the question, and no text follows there. */
  @property({ type: Boolean }) current = false
  /** The answer that was right before; null without one. */
  @property({ attribute: false }) known: string | null = null
  @state() private given = ''
  @state() private verdict: Verdict | null = null
  @state() private complaint: string | null = null
  @state() private wrong = 0
  @query('.on') private on!: HTMLButtonElement | null
  @query('input') private field!: HTMLInputElement | null

  static override styles = [
    controls,
    prose,
    css`
      :host {
        display: block;
        margin: 4px 0 12px;
        padding: 10px 12px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--card);
      }

      .caption {
        margin: 0 0 2px;
        color: var(--muted);
        font-size: 12.5px;
      }

      .asked {
        font-weight: 600;
      }

      fieldset {
        margin: 0 0 8px;
        padding: 0;
        border: 0;
      }

      label {
        display: flex;
        gap: 8px;
        align-items: baseline;
        min-height: 28px;
        padding: 3px 0;
        cursor: pointer;
      }

      [type='radio'] {
        flex: none;
        width: 16px;
        height: 16px;
        margin: 0;
        accent-color: var(--value-fill);
        transform: translateY(2px);
      }

      [type='text'] {
        width: 9em;
        height: 33px;
        margin-bottom: 8px;
        padding: 0 8px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--stage);
        font-family: var(--mono);
      }

      .verdict p {
        margin: 10px 0 0;
        padding: 8px 10px;
        border: 1px solid var(--line-strong);
        border-left-width: 5px;
        border-radius: 4px;
      }

      .verdict .right {
        border-color: var(--good);
      }

      .verdict .wrong {
        border-width: 1px;
        border-style: dashed;
        border-color: var(--error);
      }

      .right strong {
        color: var(--good);
      }

      .wrong strong {
        color: var(--error);
      }

      .on,
      .give-up {
        margin-top: 8px;
      }

      @media (pointer: coarse) {
        label {
          min-height: 44px;
          align-items: center;
        }

        [type='radio'] {
          width: 24px;
          height: 24px;
          transform: none;
        }

        [type='text'] {
          height: 44px;
        }
      }
    `,
  ]

  override render() {
    const { question } = this
    return html`<form @submit=${this.check} novalidate>
        <p class="caption">Question ${this.number} of ${this.of}</p>
        <fieldset aria-labelledby="asked">
          <div id="asked" class="asked">${this.markup(question.html)}</div>
          ${question.choices ? question.choices.map((choice, index) => this.choice(choice.html, String(index))) : this.numberField()}
        </fieldset>
        <button class="button">Check</button>
      </form>
      <div class="verdict" role="status">${this.said()}</div>
      ${this.wayOn()}`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('question')) return
    this.given = this.known ?? ''
    this.verdict = this.known === null ? null : judge(this.question, this.known)
    this.complaint = null
    this.wrong = 0
  }

  private choice(markup: string, value: string) {
    return html`<label><input type="radio" name="answer" value=${value} .checked=${this.given === value}
      @change=${() => this.take(value)}><span>${this.markup(markup)}</span></label>`
  }

  private numberField() {
    return html`<input type="text" inputmode="decimal" autocomplete="off" aria-labelledby="asked" aria-invalid=${this.complaint !== null}
      .value=${this.given} @input=${(e: InputEvent) => this.take((e.target as HTMLInputElement).value)}>`
  }

  private said() {
    if (this.complaint !== null) return html`<p>${this.complaint}</p>`
    if (this.verdict === null) return nothing
    const { right, reply } = this.verdict
    return html`<p class=${right ? 'right' : 'wrong'}><strong>${right ? '✓ Right.' : '✗ Not yet.'}</strong> ${this.markup(reply)}</p>`
  }

  private wayOn() {
    if (this.verdict?.right && !this.current) return nothing
    if (this.verdict?.right)
      return html`<button class="button on" @click=${() => this.dispatchEvent(new CustomEvent('gw-go-on'))}>Go on ›</button>`
    if (this.question.choices !== null || this.wrong < PATIENCE) return nothing
    return html`<button class="link give-up" @click=${this.giveUp}>Show the answer</button>`
  }

  private take(given: string): void {
    this.given = given
    this.verdict = null
    this.complaint = null
  }

  private check = async (event: SubmitEvent) => {
    event.preventDefault()
    this.complaint = complaintOf(this.question, this.given)
    this.verdict = this.complaint === null ? judge(this.question, this.given) : null
    if (this.verdict === null) return this.field?.focus()
    if (!this.verdict.right) this.wrong += 1
    this.dispatchEvent(new CustomEvent<Verdict>('gw-verdict', { detail: this.verdict }))
    await this.updateComplete
    // the button for going on stands where the reader pressed to answer
    this.on?.focus()
  }

  private giveUp = () => {
    this.complaint = null
    this.verdict = { given: this.given, right: false, reply: solution(this.question) }
  }

  private markup(text: string) {
    return guard([text], () => sanitise(text))
  }
}
