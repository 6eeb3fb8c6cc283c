/** A lesson as the page has it: which stop the reader is at, and what the stage does there. Its text is loaded when it is read. */

import { html, type LitElement, type TemplateResult } from 'lit'
import type { Store } from '../../core/store'
import type { Arrangement } from '../../page/arrangement'
import type { Session } from '../../page/session'
import type { PageState } from '../../page/state'
import { heldStop } from '../../page/state'
import type { Walk } from '../../page/walk'
import type { PageEvents } from '../../ui/events'
import { isTrusted, spotOf } from './lesson-stops'

const NO_LESSON = 'J and K walk from stop to stop of a lesson: choose one from the list of lessons first.'

/** What the lesson shows and drives. */
export interface LessonRoom {
  store: Store<PageState>
  session: Session
  walk: Walk
  arrangement: Arrangement
  /** Opens a lesson, anew if it is the one on show, at a stop. */
  open: (slug: string, stop: number) => Promise<void>
  /** Opens what is closed around a node. */
  reveal: (node: string) => void
}

export class LessonWalk {
  private lost = false

  constructor(
    private readonly host: LitElement,
    private readonly room: LessonRoom,
  ) {}

  /** Goes on to the next (1) stop or back to the one before (−1). */
  move(by: 1 | -1): void {
    const { store } = this.room
    if (store.state.lesson === null) store.update({ notice: { kind: 'info', text: NO_LESSON } })
    else void this.go(store.state.stop + by)
  }

  /** Goes to a stop: the text and, where the run on show is the lesson's, the stage. */
  async go(wanted: number): Promise<void> {
    const { store, session, walk, arrangement, reveal } = this.room
    const { lesson } = store.state
    if (lesson === null) return
    const stop = heldStop(lesson, wanted)
    store.update({ stop })
    arrangement.showPanel('lesson')
    const spot = spotOf(lesson, stop)
    if (spot === null || !isTrusted(store.state)) return
    await session.showIteration(spot.iteration)
    // another stop may have been asked for meanwhile, or the iteration could not be fetched
    if (store.state.stop !== stop || walk.timeline?.iteration.index !== spot.iteration) return
    walk.player.arrive(spot.step)
    session.select(spot.node)
    // the iteration may have another graph, which the stage has to be given first
    await this.host.updateComplete
    if (spot.node !== null && store.state.stop === stop) reveal(spot.node)
  }

  /** The text with its stops, beside the picture. */
  panel(): TemplateResult {
    const { state: page } = this.room.store
    void this.load()
    const waiting = this.lost
      ? html`<p role="alert">The lesson’s text could not be loaded: the server cannot be reached.
          <button class="button" @click=${() => this.retry()}>Try again</button></p>`
      : html`<p>Loading the lesson’s text …</p>`
    return html`<gw-lesson .lesson=${page.lesson} .lessons=${page.lessons} .stop=${page.stop} .place=${page.head && page.body ? page : null}
      .trusted=${isTrusted(page)}
      @gw-stop=${(e: CustomEvent<PageEvents['gw-stop']>) => void this.go(e.detail.stop)}
      @gw-lesson-run=${() => this.anew()}>${waiting}</gw-lesson>`
  }

  private anew(): void {
    const { lesson, stop } = this.room.store.state
    if (lesson !== null) void this.room.open(lesson.slug, stop)
  }

  private async load(): Promise<void> {
    if (this.lost || customElements.get('gw-lesson')) return
    try {
      await import('./lesson-panel')
    } catch {
      this.lost = true
      this.host.requestUpdate()
    }
  }

  private retry(): void {
    this.lost = false
    this.host.requestUpdate()
  }
}
