/** A lesson as a walk: its opening, its stops with their questions, its end. Which stop the reader is at is the page's to say. */

import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { guard } from 'lit/directives/guard.js'
import type { Lesson, LessonQuestion, LessonStop, LessonSummary } from '../../core/contract'
import type { WordFinder } from '../../core/word-finder'
import type { PageState } from '../../page/state'
import { send } from '../../ui/events'
import { controls, unseen } from '../../ui/styles'
import { markWords } from '../../ui/word-marks'
import { firstUses } from './first-uses'
import type { Verdict } from './lesson-answers'
import { type Answered, isFolded, isUnfolded } from './lesson-folds'
import { panelStyles } from './lesson-panel-styles'
import { countRight, isDone, keepRight, readScore, type Score } from './lesson-score'
import { isAway, namedSpot, spotText } from './lesson-stops'
import { prose } from './prose'
import { sanitise } from './sanitise'
import './question-card'

/** Pixels of the text before that show above a stop that is scrolled to, so that it is seen to go on there. */
const ROOM_ABOVE = 6

@customElement('gw-lesson')
export class LessonPanel extends LitElement {
  @property({ attribute: false }) lesson: Lesson | null = null
  /** All lessons, to find the next one. */
  @property({ attribute: false }) lessons: readonly LessonSummary[] = []
  /** 0 is the opening, one more than there are stops is the end. */
  @property({ attribute: false }) stop = 0
  /** The place of the stage; null while nothing is drawn. */
  @property({ attribute: false }) place: Pick<PageState, 'iteration' | 'step' | 'head'> | null = null
  /** True if the stage shows the lesson's own run. */
  @property({ type: Boolean }) trusted = false
  /** What unfolds the text after a question. */
  @property({ attribute: false }) answered: Answered = new Set()
  /** Finds the words that have a definition; null: none has. */
  @property({ attribute: false }) words: WordFinder | null = null
  @state() private score: Score = readScore('')
  @query('[aria-current]') private current!: HTMLElement | null
  @query('.current .then .on') private on!: HTMLButtonElement | null

  static override styles = [controls, unseen, prose, panelStyles]

  override render() {
    const { lesson } = this
    if (lesson === null) return nothing
    return html`<article aria-label="Lesson text">
        ${this.passage(0, html`<h2>${lesson.title}</h2>`, this.text(lesson.opening))}
        ${lesson.stops.map((stop, index) => this.one(lesson, stop, index + 1))}
        ${this.end(lesson)}
      </article>
      ${this.steering(lesson)}`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('lesson')) this.score = readScore(this.lesson?.slug ?? '')
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('stop') || changed.has('lesson')) this.showCurrent()
  }

  /** Scrolls the panel, and nothing else, until the current stop stands on top. */
  private showCurrent(): void {
    const panel = this.parentElement
    if (panel === null || this.current === null) return
    const top = this.stop === 0 ? 0 : this.current.offsetTop - ROOM_ABOVE
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    panel.scrollTo({ top, behavior: still ? 'auto' : 'smooth' })
  }

  private passage(stop: number, heading: unknown, body: unknown) {
    const current = stop === this.stop
    return html`<section class=${current ? 'current' : ''} aria-current=${current ? 'step' : nothing}>${heading}${body}</section>`
  }

  private one(lesson: Lesson, stop: LessonStop, number: number) {
    const folded = isFolded(lesson, this.answered, number, this.stop)
    const heading = html`<h3><button class="title" aria-expanded=${folded ? 'false' : nothing} @click=${() => this.go(number)}
      ><span class="number">${number}</span><span>${stop.title}</span></button></h3>`
    if (folded) return this.passage(number, heading, nothing)
    return this.passage(
      number,
      heading,
      html`${number === this.stop ? this.whereabouts(stop) : nothing}${this.text(stop.html)}
        ${stop.questions.map((question) => this.question(lesson, question, number))}
        ${stop.explanation === null ? nothing : this.explanation(stop, stop.explanation.html, number)}`,
    )
  }

  /** Render what a stop explains once its questions are answered; before that, the way to see it without an answer. */
  private explanation(stop: LessonStop, markup: string, number: number) {
    const unfolded = isUnfolded(stop, this.answered)
    const onward = html`<button class="button on" @click=${() => this.go(number + 1)}>Go on ›</button>`
    return html`<div class="then" role="status">${unfolded ? this.text(markup) : nothing}</div>
      ${unfolded ? html`<p class="then">${number === this.stop ? onward : nothing}</p>` : this.showing(stop, number)}`
  }

  private showing(stop: LessonStop, number: number) {
    return html`<p class="showing">Answer first, then the text goes on.
      <button class="link" @click=${() => this.unfold(stop, number)}>Show me</button></p>`
  }

  private async unfold(stop: LessonStop, number: number): Promise<void> {
    send(this, 'gw-answered', { stop: number, asked: stop.questions.map((question) => question.html) })
    await this.focusOn()
  }

  /** Give the focus to the way on, once the text before it is there. */
  private async focusOn(): Promise<void> {
    await this.showExplanation()
    this.on?.focus({ preventScroll: true })
  }

  /** Scroll until the text after an answer is seen to its end. After a wrong one the focus stays where it is corrected. */
  private async showExplanation(): Promise<void> {
    // the page has to take the answer first
    await new Promise(requestAnimationFrame)
    await this.updateComplete
    this.on?.scrollIntoView({ block: 'nearest' })
  }

  /** Render the place of the stage, if it is not the place of the stop. */
  private whereabouts(stop: LessonStop) {
    const spot = namedSpot(stop, this.answered)
    if (this.place === null || spot === null) return nothing
    if (!this.trusted)
      return html`<p class="aside">The stage shows another run than the lesson’s: this place may be another one there.
        <button class="button" @click=${() => send(this, 'gw-lesson-run', {})}>Back to the lesson’s run</button></p>`
    if (!isAway(this.place, spot)) return nothing
    const all = this.place.head?.iterations ?? []
    return html`<p class="aside">The stage is at ${spotText(this.place, all)}.
      <button class="button" @click=${() => this.go(this.stop)}>Back to ${spotText(spot, all)}</button></p>`
  }

  private question(lesson: Lesson, question: LessonQuestion, number: number) {
    const all = lesson.stops.flatMap(({ questions }) => questions)
    const goesOn = number === this.stop && lesson.stops[number - 1]?.explanation === null
    return html`<gw-question .question=${question} .number=${all.indexOf(question) + 1} .of=${all.length}
      .current=${goesOn} .known=${this.score.right[question.html] ?? null}
      @gw-verdict=${({ detail }: CustomEvent<Verdict>) => this.onVerdict(lesson, question, number, detail)}
      @gw-go-on=${() => this.go(this.stop + 1)}></gw-question>`
  }

  private onVerdict(lesson: Lesson, question: LessonQuestion, number: number, { right, given }: Verdict): void {
    const of = lesson.stops.flatMap(({ questions }) => questions).length
    if (right) this.score = keepRight(lesson.slug, of, question.html, given)
    send(this, 'gw-answered', { stop: number, asked: [question.html] })
    if (lesson.stops[number - 1]?.explanation) void (right ? this.focusOn() : this.showExplanation())
  }

  private end(lesson: Lesson) {
    const heading = html`<h3 class="end">What you have seen</h3>`
    if (isFolded(lesson, this.answered, lesson.stops.length + 1, this.stop))
      return this.passage(lesson.stops.length + 1, heading, nothing)
    const next = this.lessons[this.lessons.findIndex(({ slug }) => slug === lesson.slug) + 1]
    const right = countRight(this.score)
    const of = lesson.stops.flatMap(({ questions }) => questions).length
    const told = isDone(this.score)
      ? html`<strong class="done">✓ All ${of} questions answered.</strong>`
      : `${right} of ${of} questions answered.`
    return this.passage(
      lesson.stops.length + 1,
      heading,
      html`<p>${lesson.summary}</p><p>${told}</p>
        ${
          next
            ? html`<button class="button strong next" @click=${() => send(this, 'gw-lesson', { slug: next.slug })}
                ><span>Next lesson: ${next.title}</span></button>`
            : html`<p>This was the last lesson. Now take a program of your own.</p>`
        }`,
    )
  }

  private steering({ stops }: Lesson) {
    const at = this.stop === 0 ? 'Opening' : this.stop > stops.length ? 'End' : `${this.stop} of ${stops.length}`
    const title = stops[this.stop - 1]?.title
    return html`<nav aria-label="Stops of the lesson">
      <button class="button" title="Previous stop (K)" aria-keyshortcuts="K" ?disabled=${this.stop === 0}
        @click=${() => this.go(this.stop - 1)}>‹ Back</button>
      <span class="at">${at}</span><span class="unseen" role="status">${title ? `Stop ${at}: ${title}` : at}</span>
      <button class="button strong" title="Next stop (J)" aria-keyshortcuts="J" ?disabled=${this.stop > stops.length}
        @click=${() => this.go(this.stop + 1)}>Next ›</button>
    </nav>`
  }

  private text(markup: string) {
    const { words, lesson } = this
    return html`<div class="text">${guard([markup, words], () => {
      const text = sanitise(markup)
      if (words !== null && lesson !== null) {
        const first = firstUses(lesson, words).get(markup)
        markWords(text, words, (word) => first?.has(word) ?? false)
      }
      return text
    })}</div>`
  }

  private go(stop: number): void {
    send(this, 'gw-stop', { stop })
  }
}
