/** "Predict before you see" as the page has it: a switch, a gate for the walk, a card. The rest is loaded when it is switched on. */

import { html, type LitElement, nothing, type ReactiveController } from 'lit'
import type { Client } from '../api/client'
import type { Arrangement } from '../shell/arrangement'
import type { PageState } from '../state/page'
import type { Store } from '../state/store'
import type { Walk } from '../state/walk'
import type { Frame } from '../timeline/timeline'
import type { Game } from './game'

const LOST =
  'The questions could not be loaded: the server cannot be reached. The walk goes on without them; switch them on again when the server is back.'

export interface PredictingPage {
  store: Store<PageState>
  walk: Walk
  arrangement: Arrangement
}

export class Predicting implements ReactiveController {
  private game: Game | null = null
  private loading = false
  private readonly stop: () => void

  constructor(
    private readonly host: LitElement,
    private readonly client: Client,
    private readonly page: PredictingPage,
  ) {
    host.addController(this)
    page.walk.player.gate = (from, to) => (this.shown ? (this.game?.hold(from, to) ?? (this.loading ? from : to)) : to)
    this.stop = page.store.subscribe((state) => this.follow(state))
  }

  /** Whether there are questions to see: not while two runs are compared, or numbers are changed by hand. */
  private get shown(): boolean {
    const { predict, rival, whatIf, body } = this.page.store.state
    return predict !== null && rival === null && whatIf === null && body !== null
  }

  hostUpdate(): void {
    if (!this.shown) this.host.removeAttribute('predicting')
  }

  hostUpdated(): void {
    this.game?.mark(this.shown)
  }

  hostDisconnected(): void {
    this.stop()
    this.game?.dispose()
  }

  toggle(): void {
    const { predict } = this.page.store.state
    this.page.store.update({ predict: predict === null ? freshSeed() : null })
  }

  /** `frame`: what the stage shows; a question waits until nothing moves there. */
  card(frame: Frame | null) {
    if (!this.shown) return nothing
    this.game?.stand(frame)
    const card = this.game?.card ?? null
    // the room below the picture is as high for a question as without one
    this.host.setAttribute('predicting', card?.kind === 'asking' ? 'asking' : 'on')
    return html`<gw-predict .game=${this.game} .card=${card}></gw-predict>`
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
      this.game = new Game(this.host, this.client, this.page, freshSeed)
      this.game.follow(this.page.store.state)
    } catch {
      this.page.store.update({ predict: null, notice: { kind: 'error', text: LOST } })
    }
    this.loading = false
    this.host.requestUpdate()
  }
}

/** Short enough to be read out to a class. */
function freshSeed(): number {
  return Math.floor(Math.random() * 1000)
}
