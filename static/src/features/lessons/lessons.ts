/** A lesson as the page has it: which stop the reader is at, and what the stage does there. Its text is loaded when it is read. */

import { html, type TemplateResult } from 'lit'
import type { ConsoleEntry, Lesson } from '../../core/contract'
import type { Page } from '../../page/context'
import { heldStop } from '../../page/state'
import { NOWHERE, type Place } from '../../page/url'
import type { PageEvents } from '../../ui/events'
import { LazyScripts } from '../../ui/lazy-scripts'
import { shownBefore } from './folded-output'
import { type Answered, isUnfolded, waitingStop } from './lesson-folds'
import { readScore } from './lesson-score'
import { atStop, isTrusted, spotOf } from './lesson-stops'

const NO_LESSON = 'J and K walk from stop to stop of a lesson: choose one from the list of lessons first.'

export class LessonWalk {
  private readonly text: LazyScripts
  /** By lesson, what was answered wrongly or shown since the page was opened. Right answers are kept in the browser. */
  private readonly seen = new Map<string, Set<string>>()

  constructor(private readonly page: Page) {
    this.text = new LazyScripts(page.host, () => import('./lesson-panel'))
  }

  /** Opens a lesson at a stop, also when it is the one on show. */
  async open(slug: string, stop: number): Promise<void> {
    const { panels, address } = this.page
    panels.panel = 'lesson'
    panels.view = 'stage'
    await this.page.open({ ...NOWHERE, lesson: slug, stop: stop || null })
    address.push()
  }

  /** Return the place at which a lesson opens: that of its stop, where the address names no step. */
  openingPlace(place: Place, lesson: Lesson | null): Place {
    return atStop(place, lesson, this.answered(lesson))
  }

  /** Return how much of the output may be shown: what a waiting stop asks for is not printed before it is answered. */
  shownOutput(entries: readonly ConsoleEntry[]): number | null {
    const { state } = this.page.store
    const { lesson, head } = state
    if (lesson === null || head === null || this.page.walk.timeline === null || !isTrusted(state)) return null
    const waiting = waitingStop(lesson, this.answered(lesson))
    const spot = waiting === null ? null : (lesson.stops[waiting - 1]?.explanation ?? null)
    if (spot === null || spot.iteration === null) return null
    const graph = head.graphs[head.iterations[spot.iteration]?.graph ?? -1]
    const node = graph?.nodes.find(({ id }) => id === spot.node)
    return shownBefore(entries, node?.line ?? 1)
  }

  /** Goes on to the next (1) stop or back to the one before (−1). */
  move(by: 1 | -1): void {
    const { store } = this.page
    if (store.state.lesson === null) store.update({ notice: { kind: 'info', text: NO_LESSON } })
    else void this.go(store.state.stop + by)
  }

  /** Goes to a stop: the text and, where the run on show is the lesson's, the stage. */
  async go(wanted: number): Promise<void> {
    const { store, session, walk, panels } = this.page
    const { lesson } = store.state
    if (lesson === null) return
    const stop = heldStop(lesson, wanted)
    store.update({ stop })
    panels.showPanel('lesson')
    const spot = spotOf(lesson, stop, this.answered(lesson))
    if (spot === null || !isTrusted(store.state)) return
    await session.showIteration(spot.iteration)
    // another stop may have been asked for meanwhile, or the iteration could not be fetched
    if (store.state.stop !== stop || walk.timeline?.iteration.index !== spot.iteration) return
    walk.player.arrive(spot.step)
    session.select(spot.node)
    // the iteration may have another graph, which the stage has to be given first
    await this.page.host.updateComplete
    if (spot.node !== null && store.state.stop === stop) this.page.stage?.reveal(spot.node)
  }

  /** The text with its stops, beside the picture. */
  panel(): TemplateResult {
    const { state: page } = this.page.store
    if (this.text.state === 'absent') void this.text.load()
    const waiting =
      this.text.state === 'lost'
        ? html`<p role="alert">The lesson’s text could not be loaded: the server cannot be reached.
          <button class="button" @click=${() => void this.text.load()}>Try again</button></p>`
        : html`<p>Loading the lesson’s text …</p>`
    return html`<gw-lesson .lesson=${page.lesson} .lessons=${page.lessons} .stop=${page.stop} .place=${page.head && page.body ? page : null}
      .trusted=${isTrusted(page)} .words=${this.page.words} .answered=${this.answered(page.lesson)}
      @gw-answered=${(e: CustomEvent<PageEvents['gw-answered']>) => this.onAnswered(e.detail)}
      @gw-stop=${(e: CustomEvent<PageEvents['gw-stop']>) => void this.go(e.detail.stop)}
      @gw-lesson-run=${() => this.reopen()}>${waiting}</gw-lesson>`
  }

  private answered(lesson: Lesson | null): Answered {
    if (lesson === null) return new Set()
    return new Set([...Object.keys(readScore(lesson.slug).right), ...(this.seen.get(lesson.slug) ?? [])])
  }

  /** Keeps what was answered. Where that unfolds a stop, the stage moves on to what its text explains then. */
  private onAnswered({ stop, asked }: PageEvents['gw-answered']): void {
    const { lesson } = this.page.store.state
    const at = lesson?.stops[stop - 1]
    if (lesson === null || !at || at.explanation === null) return
    const seen = this.seen.get(lesson.slug) ?? new Set()
    const wasUnfolded = at.questions.every(({ html }) => seen.has(html))
    for (const one of asked) seen.add(one)
    this.seen.set(lesson.slug, seen)
    this.page.host.requestUpdate()
    if (!wasUnfolded && isUnfolded(at, this.answered(lesson))) void this.go(stop)
  }

  private reopen(): void {
    const { lesson, stop } = this.page.store.state
    if (lesson !== null) void this.open(lesson.slug, stop)
  }
}
