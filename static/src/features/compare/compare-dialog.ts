/** The dialog that asks for the second run: another seed, learning rate or optimizer, the edited text, or an existing run. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { SnapshotHead } from '../../core/contract'
import { dialogs } from '../../ui/dialog-styles'
import { controls } from '../../ui/styles'
import './change-list'
import { isNumber, type Variable, variableIn } from './literals'
import { referenceOf } from './run-reference'
import { OPTIMIZERS, type Variant, withNumber, withOptimizer, withSeed } from './variants'

type Program = SnapshotHead['program']
type Choice = 'seed' | 'rate' | 'optimizer' | 'edited' | 'known'

/** The second run that the reader wants: a program to run, or an existing run to show. */
export type Wish = { run: Program } | { show: string } | { lesson: string }

/** Brings the wished run beside the first. Resolves with a sentence when that cannot be, null when it is there. */
export type Bring = (wish: Wish, signal: AbortSignal) => Promise<string | null>

const LARGEST_SEED = Number.MAX_SAFE_INTEGER

@customElement('gw-compare-dialog')
export class CompareDialog extends LitElement {
  /** The program that was run. */
  @property({ attribute: false }) program: Program = { source: '', seed: 0, overrides: [] }
  /** The text in the editor. */
  @property({ attribute: false }) edited = ''
  @property({ attribute: false }) bring: Bring | null = null
  @state() private choice: Choice = 'seed'
  @state() private seed = ''
  /** Numbers of the literal and of the call that are chosen. */
  @state() private literal = 0
  @state() private rate = ''
  @state() private call = 0
  @state() private optimizer = ''
  @state() private known = ''
  @state() private problem: string | null = null
  @state() private running: AbortController | null = null
  @query('dialog') private dialog!: HTMLDialogElement
  private found: Variable = { seeds: [], rates: [], optimizers: [] }

  static override styles = [
    controls,
    dialogs,
    css`
      dialog {
        width: min(680px, calc(100vw - 32px));
      }

      fieldset {
        display: grid;
        gap: 6px;
        margin: 0;
        padding: 0;
        border: 0;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 10px;
        align-items: center;
        min-height: 34px;
      }

      .row > label:first-child {
        display: flex;
        gap: 8px;
        align-items: center;
        min-width: 13.5em;
      }

      .without {
        color: var(--muted);
      }

      input:not([type='radio']),
      select {
        height: 30px;
        padding: 0 8px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--stage);
      }

      input[type='radio'] {
        accent-color: var(--ink);
      }

      .short {
        width: 7.5em;
      }

      .long {
        flex: 1;
        min-width: 12em;
      }

      gw-changes {
        margin: 10px -22px 0;
        border-top: 1px solid var(--line);
      }

      ul {
        margin: 8px 0 0;
        padding-left: 1.2em;
      }

      .problem {
        margin: 10px 0 0;
        padding: 8px 12px;
        border: 1px solid var(--error);
        border-radius: var(--radius);
        background: var(--error-tint);
        overflow-wrap: anywhere;
      }

      footer {
        display: flex;
        gap: 10px;
        justify-content: flex-end;
        align-items: center;
        margin-top: 14px;
      }

      footer span {
        margin-right: auto;
        color: var(--muted);
      }
    `,
  ]

  /** Asks. */
  async show(): Promise<void> {
    this.found = variableIn(this.program.source)
    const [rate] = this.found.rates
    const own = Number(this.found.seeds[0]?.text ?? this.program.seed)
    this.seed = String(own + 1)
    this.literal = 0
    this.call = 0
    this.rate = rate ? other(rate.text) : ''
    this.optimizer = this.othersThan(0)[0] ?? ''
    this.problem = null
    this.choice = this.edited === this.program.source ? 'seed' : 'edited'
    this.requestUpdate()
    await this.updateComplete
    if (!this.dialog.open) this.dialog.showModal()
    this.renderRoot.querySelector<HTMLInputElement>('input[type=radio]:checked')?.focus()
  }

  override render() {
    const variant = this.variant()
    return html`<dialog aria-labelledby="title" @close=${() => this.running?.abort()}>
      <form novalidate @submit=${this.go}>
        <header role="none"><h2 id="title">Compare this run with …</h2>
          <button type="button" class="button" @click=${() => this.dialog.close()}>Close</button></header>
        <fieldset ?disabled=${this.running !== null}><legend hidden>The other run</legend>
          ${this.row('seed', 'another seed', this.seedField())}
          ${this.row('rate', 'another learning rate', this.found.rates.length > 0 ? this.rateFields() : null, 'The program names none.')}
          ${this.row('optimizer', 'another optimizer', this.found.optimizers.length > 0 ? this.optimizerFields() : null, 'The program calls none of torch.optim.')}
          ${this.row('edited', 'the program in the editor', this.edited === this.program.source ? null : html`<span class="without">as it stands now</span>`, 'It is the one that was run.')}
          ${this.row('known', 'a run that there is', this.knownField())}
        </fieldset>
        ${variant ? this.preview(variant) : nothing}
        ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
        <footer role="none">${
          this.running
            ? html`<span role="status">${this.choice === 'known' ? 'Looking for it …' : 'Running the other program …'}</span>
                <button type="button" class="button" @click=${() => this.running?.abort()}>Cancel</button>`
            : html`<button class="button strong">${this.choice === 'known' ? 'Compare' : 'Run and compare'}</button>`
        }</footer>
      </form>
    </dialog>`
  }

  private row(choice: Choice, name: string, fields: unknown, without = '') {
    const none = fields === null
    return html`<div class="row"><label class=${none ? 'without' : ''}><input type="radio" name="choice" .checked=${this.choice === choice}
      ?disabled=${none} @change=${() => this.choose(choice)}>${name}</label>${none ? html`<span class="without">${without}</span>` : fields}</div>`
  }

  private seedField() {
    return html`<input class="short" type="number" min="0" step="1" aria-label="Seed" .value=${this.seed}
      @input=${(e: Event) => this.fill('seed', () => (this.seed = valueIn(e)))}>`
  }

  private rateFields() {
    const { rates } = this.found
    const name = (i: number) => `line ${rates[i]?.line}: ${rates[i]?.context} = ${rates[i]?.text}`
    const pick = (e: Event) =>
      this.fill('rate', () => {
        this.literal = Number(valueIn(e))
        this.rate = other(rates[this.literal]?.text ?? '')
      })
    return html`${
      rates.length > 1
        ? html`<select aria-label="Which learning rate" @change=${pick}>${rates.map((_, i) => html`<option value=${i} ?selected=${i === this.literal}>${name(i)}</option>`)}</select>`
        : html`<span class="without">${name(0)}</span>`
    } → <input class="short" aria-label="Learning rate" .value=${this.rate}
      @input=${(e: Event) => this.fill('rate', () => (this.rate = valueIn(e)))}>`
  }

  private optimizerFields() {
    const { optimizers } = this.found
    const name = (i: number) => `line ${optimizers[i]?.line}: ${optimizers[i]?.name}`
    const pick = (e: Event) =>
      this.fill('optimizer', () => {
        this.call = Number(valueIn(e))
        this.optimizer = this.othersThan(this.call)[0] ?? ''
      })
    return html`${
      optimizers.length > 1
        ? html`<select aria-label="Which optimizer" @change=${pick}>${optimizers.map((_, i) => html`<option value=${i} ?selected=${i === this.call}>${name(i)}</option>`)}</select>`
        : html`<span class="without">${name(0)}</span>`
    } → <select aria-label="Optimizer" @change=${(e: Event) => this.fill('optimizer', () => (this.optimizer = valueIn(e)))}>
      ${this.othersThan(this.call).map((one) => html`<option ?selected=${one === this.optimizer}>${one}</option>`)}</select>`
  }

  private knownField() {
    return html`<input class="long" aria-label="Link or id of the other run" placeholder="its link or its id" .value=${this.known}
      @input=${(e: Event) => this.fill('known', () => (this.known = valueIn(e)))}>`
  }

  private preview({ source, remarks }: Variant) {
    return html`${source === this.program.source ? nothing : html`<gw-changes .from=${this.program.source} .to=${source}></gw-changes>`}
      ${remarks.length > 0 ? html`<ul>${remarks.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}`
  }

  private choose(choice: Choice): void {
    this.choice = choice
    this.problem = null
  }

  /** A field that is filled in chooses its option. */
  private fill(choice: Choice, write: () => void): void {
    write()
    this.choose(choice)
  }

  private othersThan(call: number): string[] {
    return OPTIMIZERS.filter((name) => name !== this.found.optimizers[call]?.name)
  }

  /** Return the program of the chosen option; null where the option needs no run, or a field is invalid. */
  private variant(): Variant | null {
    const { source } = this.program
    const [literal, call] = [this.found.rates[this.literal], this.found.optimizers[this.call]]
    if (this.choice === 'seed' && this.fault() === null) return withSeed(source, Number(this.seed))
    if (this.choice === 'rate' && literal && this.fault() === null) return withNumber(source, literal, this.rate)
    if (this.choice === 'optimizer' && call) return withOptimizer(source, call, this.optimizer)
    return this.choice === 'edited' ? { source: this.edited, remarks: [] } : null
  }

  /** Return the error of the filled-in fields. */
  private fault(): string | null {
    const seed = Number(this.seed)
    const whole = /^\d+$/.test(this.seed.trim()) && seed <= LARGEST_SEED
    if (this.choice === 'seed' && !whole) return 'A seed is a whole number, 0 or larger.'
    if (this.choice === 'rate' && !isNumber(this.rate))
      return 'A learning rate is a number, as Python writes it: 0.1 or 1e-3.'
    if (this.choice === 'known' && referenceOf(this.known) === null)
      return 'That is neither the link nor the id of a run. “Share” gives the link.'
    return null
  }

  private wish(): Wish | null {
    if (this.choice === 'known') return referenceOf(this.known)
    const variant = this.variant()
    const seed = this.choice === 'seed' ? Number(this.seed) : this.program.seed
    return variant && { run: { ...this.program, source: variant.source, seed } }
  }

  private go = async (event: Event) => {
    event.preventDefault()
    this.problem = this.fault()
    const wish = this.wish()
    if (this.problem !== null || wish === null || this.bring === null || this.running) return
    const controller = new AbortController()
    this.running = controller
    this.problem = await this.bring(wish, controller.signal)
    this.running = null
    if (controller.signal.aborted) this.problem = null
    else if (this.problem === null) this.dialog.close()
  }
}

/** Ten times as large is a difference that is seen; what is large already becomes smaller. */
function other(text: string): string {
  const rate = Number(text.replaceAll('_', ''))
  return String(Number((rate >= 0.5 ? rate / 10 : rate * 10).toPrecision(6)))
}

function valueIn(event: Event): string {
  return (event.target as HTMLInputElement).value
}
