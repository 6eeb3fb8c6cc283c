/** "Predict before you see" as the page has it: a switch, a gate for the walk, a card. The rest is loaded when it is switched on. */

import { html, nothing, type ReactiveController } from 'lit'
import type { Page } from '../../page/context'
import type { PageState } from '../../page/state'
import { type Decorations, UNDECORATED } from '../../stage/decorations'
import type { Frame } from '../../walk/model'
import type { Game } from './game'

const LOST =
  'The questions could not be loaded: the server cannot be reached. The walk goes on without them; switch them on again when the server is back.'
const NOTHING = 'There is nothing to ask yet: the program must have made a tensor.'
const COMPARED = 'Questions are asked about one run: end the comparison first (Esc).'

export class Predicting implements ReactiveController {
  private game: Game | null = null
  private loading = false
  /** The walk that the reader wanted while the questions were being fetched. */
  private wanted: { from: number; to: number } | null = null
  private readonly stop: () => void

  constructor(private readonly page: Page) {
    page.host.addController(this)
    this.stop = page.store.subscribe((state) => this.follow(state))
  }

  /** True if questions are shown: not while two runs are compared, or numbers are changed by hand. */
  private get shown(): boolean {
    const { predict, pair, variation, body } = this.page.store.state
    return predict !== null && pair === null && variation === null && body !== null
  }

  hostUpdate(): void {
    if (!this.shown) this.page.host.removeAttribute('predicting')
  }

  hostDisconnected(): void {
    this.stop()
    this.game?.dispose()
  }

  get decorations(): Decorations {
    return (this.shown && this.game?.decorations) || UNDECORATED
  }

  toggle(): void {
    const { predict, body, pair } = this.page.store.state
    if (predict !== null) this.page.store.update({ predict: null })
    else if (body === null) this.say('info', NOTHING)
    else if (pair !== null) this.say('info', COMPARED)
    else this.page.store.update({ predict: freshSeed() })
  }

  /** `frame`: what the stage shows; a question waits until nothing moves there. */
  card(frame: Frame | null) {
    if (!this.shown) return nothing
    this.game?.stand(frame)
    const card = this.game?.card ?? null
    // the room below the picture is as high for a question as without one
    this.page.host.setAttribute('predicting', card?.kind === 'asking' ? 'asking' : 'on')
    return html`<gw-predict .game=${this.game} .card=${card}></gw-predict>`
  }

  /** Return how far the walk may go from step `from` towards `to`, both from 0. */
  gate(from: number, to: number): number {
    if (!this.shown) return to
    const waits = this.game?.waits ?? this.loading
    this.wanted = waits ? { from, to } : null
    return waits ? from : (this.game?.hold(from, to) ?? to)
  }

  private readonly arrived = () => {
    const { wanted } = this
    this.wanted = null
    if (wanted?.from === this.page.store.state.step) this.page.walk.player.seek(wanted.to)
  }

  private follow(state: PageState): void {
    if (!this.shown) return
    if (this.game !== null) this.game.follow(state)
    else if (!this.loading) void this.load()
  }

  private async load(): Promise<void> {
    this.loading = true
    try {
      const [{ Game }] = await Promise.all([import('./game'), import('./predict-card')])
      this.game = new Game(this.page, { freshSeed, arrived: this.arrived })
      this.game.follow(this.page.store.state)
    } catch {
      this.page.store.update({ predict: null })
      this.say('error', LOST)
    }
    this.loading = false
    this.page.host.requestUpdate()
  }

  private say(kind: 'info' | 'error', text: string): void {
    this.page.store.update({ notice: { kind, text } })
  }
}

/** Short enough to be read out to a class. */
function freshSeed(): number {
  return Math.floor(Math.random() * 1000)
}
