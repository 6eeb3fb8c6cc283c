/** The card that says in one sentence what happens in this step, on the page and to a screen reader. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { GlossaryWord, Phase } from '../core/contract'
import { atStart } from '../core/iteration-names'
import type { WordFinder } from '../core/word-finder'
import { unseen } from '../ui/styles'
import type { Part } from '../walk/sentences'
import { Announcer } from './announcer'

@customElement('gw-narration')
export class NarrationCard extends LitElement {
  @property({ attribute: false }) parts: readonly Part[] = []
  @property({ attribute: false }) text = ''
  /** Finds the words that have a definition; null: none has. */
  @property({ attribute: false }) words: WordFinder | null = null
  /** The iteration of the step as a label; null where there is only one. */
  @property({ reflect: true }) where: string | null = null
  /** The same as the beginning of a sentence. */
  @property({ attribute: false }) spokenWhere = ''
  /** True while the steps go on by themselves. */
  @property({ type: Boolean }) playing = false
  @property({ reflect: true }) phase: Phase = 'forward'
  /** The sentence that a screen reader was given last; steps that pass quickly are left out. */
  @state() private spoken = ''
  private heardWhere = ''
  private offered = ''

  static override styles = [
    unseen,
    css`
    :host {
      display: block;
      background: var(--card);
      border: 1px solid var(--line);
      border-left: 4px solid var(--value-fill);
      border-radius: 10px;
      box-shadow: var(--shadow);
      color: var(--ink);
      font: 15px / 1.25 var(--sans);
      padding: 5px 14px;
      overflow-wrap: anywhere;
      max-height: 132px;
      overflow-y: auto;
    }
    :host([phase='loss']) {
      border-left-color: var(--ink);
    }
    :host([phase='backward']) {
      border-left-color: var(--gradient-fill);
    }
    :host([phase='update']) {
      border-left-color: var(--update-fill);
    }
    :host(:focus-visible) {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
    /* The label takes no line of its own: the camera keeps room for four lines, and what is above them is the picture's. */
    .where {
      float: right;
      max-width: 45%;
      margin-left: 14px;
      overflow: hidden;
      color: var(--muted);
      font-size: 12.5px;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .strong {
      font-weight: 650;
    }
    .value {
      color: var(--value);
      font-weight: 600;
    }
    .gradient {
      color: var(--gradient);
      font-weight: 600;
    }
    .update {
      color: var(--update);
      font-weight: 600;
    }
    .error {
      color: var(--error);
      font-weight: 650;
    }
  `,
  ]

  private readonly announcing = new Announcer((text) => {
    this.spoken = text
    if (text !== '') this.heardWhere = this.spokenWhere
  })
  private readonly resized = new ResizeObserver(() => this.beReached())

  override connectedCallback(): void {
    super.connectedCallback()
    this.resized.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.resized.disconnect()
    this.announcing.stop()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text') || changed.has('spokenWhere'))
      this.offered = this.text === '' ? '' : this.arrival() + this.text
  }

  protected override updated(): void {
    this.announcing.offer(this.offered, this.playing)
    this.beReached()
  }

  /** Let Tab reach the card only while its sentence is so long that it must be scrolled. */
  private beReached(): void {
    if (this.scrollHeight > this.clientHeight) this.tabIndex = 0
    else this.removeAttribute('tabindex')
  }

  /** Name the iteration while the listener has not heard it: with every step it would be in the way. */
  private arrival(): string {
    return this.spokenWhere === this.heardWhere ? '' : `${atStart(this.spokenWhere)}. `
  }

  /** Render the parts. A screen reader has the sentence already: only the words that have a definition are for it, too. */
  private sentence() {
    const marked = new Set<GlossaryWord>()
    return this.parts.map(({ kind, text }) => {
      const plain = (piece: string) => html`<span class=${kind} aria-hidden="true">${piece}</span>`
      if (kind !== 'plain' || this.words === null) return plain(text)
      return this.words
        .split(text, (word) => !marked.has(word) && marked.add(word) !== undefined)
        .map((piece) =>
          piece.word
            ? html`<gw-word name=${piece.word.id} .word=${piece.word}>${piece.text}</gw-word>`
            : plain(piece.text),
        )
    })
  }

  override render() {
    return html`${this.where === null ? nothing : html`<div class="where" title=${this.where}>${this.where}</div>`}
      <div class="sentence">${this.sentence()}</div>
      <div class="spoken unseen" role="status" aria-live="polite" aria-atomic="true">${this.spoken}</div>`
  }
}
