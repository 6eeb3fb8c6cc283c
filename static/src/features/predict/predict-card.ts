/** The card that asks: the question, the ways to answer it, what came of it, the score. */

import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Question } from '../../core/contract'
import { controls, unseen } from '../../ui/styles'
import type { Card, Game, Judged } from './game'
import { predictStyles } from './predict-styles'
import { scoreText } from './prediction-score'
import { expectedText, toleranceText } from './prediction-text'

type Asking = Extract<Card, { kind: 'asking' }>

@customElement('gw-predict')
export class PredictCard extends LitElement {
  @property({ attribute: false }) game: Game | null = null
  @property({ attribute: false }) card: Card | null = null
  @state() private typed = ''
  @state() private missing = ''
  @query('.first') private first!: HTMLElement | null
  /** The element that had the focus before a question took it. */
  private came: HTMLElement | null = null

  static override styles = [controls, unseen, predictStyles]

  override render() {
    const { game, card } = this
    if (game === null || card === null) return html`<p class="strip">Getting the questions …</p>`
    return html`${this.body(game, card)}<span class="unseen" role="status" aria-live="polite">${this.spoken(card)}</span>`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const was = stageOf(changed.get('card') ?? null)
    if (changed.has('card') && was !== stageOf(this.card)) this.missing = ''
    if (changed.has('card') && questionOf(changed.get('card') ?? null) !== questionOf(this.card)) this.typed = ''
  }

  /** The focus goes into the card with a question, to its next button with the reply, and back when all is said. */
  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('card')) return
    const [was, is] = [stageOf(changed.get('card') ?? null), stageOf(this.card)]
    if (was === is) return
    if (is !== null) {
      if (was === null) this.came = focused()
      this.first?.focus({ preventScroll: true })
    } else if (was !== null) this.giveBack()
  }

  private giveBack(): void {
    const active = focused()
    // only where the focus was in here, and went down with what had it
    if (active !== null && active !== document.body && this.renderRoot !== active.getRootNode()) return
    if (this.came?.isConnected) this.came.focus({ preventScroll: true })
    else active?.blur()
    this.came = null
  }

  private body(game: Game, card: Card) {
    if (card.kind === 'loading') return html`<p class="strip">Getting the questions …</p>`
    if (card.kind === 'lost')
      return html`<div class="strip" role="group" aria-label="Predict before you see"><span class="problem">${card.text}</span>
        <button class="button" @click=${() => game.retry()}>Try again</button>
        <button class="button" @click=${() => game.end()}>Stop</button></div>`
    if (card.kind === 'waiting') return this.waiting(game, card)
    const { judged } = card
    return html`<section class="asking ${judged === null ? '' : judged.verdict.right ? 'right' : 'wrong'}" aria-label="Predict before you see" @keydown=${this.onKey}>
      ${judged === null ? this.question(game, card) : this.reply(game, card, judged)}</section>`
  }

  private waiting(game: Game, card: Extract<Card, { kind: 'waiting' }>) {
    const done = card.total > 0 && card.settled === card.total
    return html`<div class="strip" role="group" aria-label="Predict before you see">
      <span>${card.note ?? html`<b>Predict</b> · ${scoreText(game.score)}${done ? ' · no question is left' : ''}`}</span>
      ${card.next ? html`<button class="button" @click=${() => game.goOn()}>Next question</button>` : nothing}
      <button class="link" @click=${() => game.restart()}>Other questions</button>
      <button class="link" title="Stop predicting (Q)" @click=${() => game.end()}>Stop</button></div>`
  }

  private question(game: Game, { question, checking, problem }: Asking) {
    const told = problem ?? this.missing
    return html`<form @submit=${this.onSubmit} autocomplete="off" novalidate>
      ${question.form === 'number' ? this.number(question) : this.choices(game, question)}
      ${told ? html`<p class="problem" role="alert">${told}</p>` : nothing}
      <div class="ways"><button class="button strong" ?disabled=${checking}>${checking ? 'Checking …' : 'Check'} <kbd>↵</kbd></button>
        <button type="button" class="button" @click=${() => game.skip()}>Skip</button>${this.standing(game)}</div>
    </form>`
  }

  private number({ text, precision }: Question) {
    return html`<label class="text" for="number">${text}</label>
      <div class="field"><input id="number" class="first" inputmode="text" maxlength="40" spellcheck="false" .value=${this.typed}
        aria-describedby="precision" @input=${this.onTyped}><span id="precision" class="muted">${precision}</span></div>`
  }

  private choices(game: Game, { text, choices, form }: Question) {
    const type = form === 'one' ? 'radio' : 'checkbox'
    const nodes = choices.some(({ node }) => node !== null)
    const hint = form === 'one' ? '' : ' Tick all that fit'
    return html`<fieldset><legend class="text">${text}${hint && html`<span class="muted">${hint}${nodes ? ', here or on the picture.' : '.'}</span>`}</legend>
      <div class="choices">${choices.map(
        (
          choice,
          k,
        ) => html`<label class="choice"><input class=${k === 0 ? 'first' : ''} type=${type} name="choice" .checked=${game.ticks.has(choice.value)}
          @change=${() => game.ticks.turn(choice.value)}>${k < 9 ? html`<kbd aria-hidden="true">${k + 1}</kbd>` : nothing}<span>${choice.text}</span></label>`,
      )}</div></fieldset>`
  }

  private reply(game: Game, { last, question }: Asking, { verdict }: Judged) {
    return html`<p class="text"><b class="verdict">${verdict.right ? '✓ Right' : '✗ Not quite'}</b>
        <span class="muted">${question.text}</span> <b>${expectedText(question, verdict)}</b>${toleranceText(verdict)}</p>
      <p class="why">${verdict.why}</p>
      <div class="ways">${
        last
          ? html`<button class="button strong first" @click=${() => game.goOn()}>Go on <kbd>↵</kbd></button>`
          : html`<button class="button strong first" @click=${() => game.show()}>Show <kbd>↵</kbd></button>`
      }<button class="button inspect" @click=${(e: Event) => game.inspect(e.currentTarget as EventTarget)}>Inspect</button>${this.standing(game)}</div>`
  }

  private standing(game: Game) {
    return html`<span class="score">${scoreText(game.score)}</span>
      <button type="button" class="link" @click=${() => game.restart()}>Other questions</button>
      <button type="button" class="link" @click=${() => game.end()}>Stop</button>`
  }

  private spoken(card: Card): string {
    if (card.kind !== 'asking' || card.judged === null || card.last || this.game === null) return ''
    const { verdict, question } = card.judged
    return `${verdict.right ? 'Right' : 'Not quite'}: ${expectedText(question, verdict)}. ${verdict.why} ${scoreText(this.game.score)}.`
  }

  private readonly onTyped = (event: Event) => {
    this.typed = (event.target as HTMLInputElement).value
    this.missing = ''
  }

  private readonly onSubmit = (event: Event) => {
    event.preventDefault()
    const { game, card } = this
    if (game === null || card?.kind !== 'asking' || card.checking) return
    const { form } = card.question
    const given = form === 'number' ? this.typed.trim() : [...game.ticks.values]
    this.missing = given.length > 0 ? '' : form === 'number' ? 'Write a number first.' : 'Choose an answer first.'
    if (given.length > 0) void game.answer(given)
  }

  /** Digits choose, and Escape leaves the card with the question in it. */
  private readonly onKey = (event: KeyboardEvent) => {
    const { game, card } = this
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      focused()?.blur()
      return
    }
    const typing = event.target instanceof HTMLInputElement && event.target.id === 'number'
    if (typing || game === null || card?.kind !== 'asking' || event.ctrlKey || event.metaKey || event.altKey) return
    const chosen =
      card.judged === null && /^[1-9]$/.test(event.key) ? card.question.choices[Number(event.key) - 1] : undefined
    if (chosen === undefined) return
    event.preventDefault()
    game.ticks.turn(chosen.value)
    const boxes = this.renderRoot.querySelectorAll<HTMLInputElement>('.choice input')
    boxes[Number(event.key) - 1]?.focus({ preventScroll: true })
  }
}

/** Return the focused element, through all shadow roots. */
function focused(): HTMLElement | null {
  let one = document.activeElement
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement
  return one instanceof HTMLElement ? one : null
}

function questionOf(card: Card | null): string | null {
  return card?.kind === 'asking' ? card.question.id : null
}

/** The question, and how far it has come. */
function stageOf(card: Card | null): string | null {
  if (card?.kind !== 'asking') return null
  return `${card.question.id} ${card.judged === null ? 'asked' : card.last ? 'shown' : 'judged'}`
}
