/** The comparison as the page has it: its dialog, its stages, its table. All of that is loaded when it is first asked for. */

import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit'
import type { Client } from '../../api/client'
import { isAbort } from '../../api/errors'
import type { Store } from '../../core/store'
import type { Arrangement } from '../../page/arrangement'
import type { Session } from '../../page/session'
import type { PageState } from '../../page/state'
import { NOWHERE, type Place } from '../../page/url'
import type { Walk } from '../../page/walk'
import { follow } from '../../ui/follow'
import type { LoneStep } from '../../walk/model'
import type { Wish } from './compare-dialog'

const LOST =
  'The comparison could not be loaded: the server cannot be reached. The first run still works; ask again when the server is back.'
const NONE: ReadonlyMap<number, LoneStep> = new Map()

interface Page {
  store: Store<PageState>
  session: Session
  walk: Walk
  arrangement: Arrangement
  open: (place: Place) => Promise<void>
}

export class Comparing implements ReactiveController {
  private lost = false
  private readonly stop: () => void

  constructor(
    private readonly host: LitElement,
    private readonly client: Client,
    private readonly page: Page,
  ) {
    host.addController(this)
    host.addEventListener('gw-compare', (e) => void page.session.compare(e.detail.other))
    host.addEventListener('gw-swap', ({ detail }) => void this.swap(detail.first, detail.other))
    this.stop = page.store.subscribe(({ comparedRun }, before) => {
      if ((comparedRun === null) !== (before.comparedRun === null)) this.turn(comparedRun !== null)
    })
  }

  hostDisconnected(): void {
    this.stop()
  }

  /** Steps that only one of the two has. */
  get lone(): ReadonlyMap<number, LoneStep> {
    const { comparedRun, body } = this.page.store.state
    return comparedRun?.beside(body)?.lone ?? NONE
  }

  /** Whether there are two runs to see. */
  get shown(): boolean {
    return this.page.store.state.comparedRun !== null && !this.lost
  }

  stages(): TemplateResult {
    const { walk, store } = this.page
    const { comparedRun, selected, theme, playing, open: folds } = store.state
    return html`<gw-compare .comparedRun=${comparedRun} .timeline=${walk.timeline} .frame=${follow(walk.frames)} .selected=${selected}
      .loss=${walk.lossNode} .theme=${theme} .playing=${playing} .open=${folds}></gw-compare>`
  }

  /** The table of differences, where the side panel shows that. */
  table(): TemplateResult | null {
    const { comparedRun, step, iteration, selected } = this.page.store.state
    if (comparedRun === null || this.page.arrangement.panel !== 'differences') return null
    return html`<gw-differences .comparedRun=${comparedRun} .timeline=${this.page.walk.timeline} .step=${step}
      .iteration=${iteration} .selected=${selected}></gw-differences>`
  }

  private turn(on: boolean): void {
    const { arrangement } = this.page
    arrangement.compare(on)
    if (on) void this.load(() => Promise.all([import('./compare-view'), import('./difference-panel')]))
  }

  private async load(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      this.lost = false
    } catch {
      this.lost = true
      this.page.store.update({ notice: { kind: 'error', text: LOST } })
    }
    this.host.requestUpdate()
    return !this.lost
  }

  /** Brings the run that was asked for. Gives a sentence when it cannot be shown; the first one stays as it is. */
  readonly bring = async (wish: Wish, signal: AbortSignal): Promise<string | null> => {
    try {
      const id = await this.find(wish, signal)
      const head = await this.client.snapshot(id, signal)
      const { missing } = await import('./run-remarks')
      const gone = missing(head)
      if (gone !== null) return gone
      await this.page.session.compare(id)
      return null
    } catch (error) {
      if (isAbort(error)) return null
      return error instanceof Error ? error.message : String(error)
    }
  }

  private async find(wish: Wish, signal: AbortSignal): Promise<string> {
    if ('show' in wish) return wish.show
    if ('run' in wish) return (await this.client.run(wish.run.source, () => {}, signal, wish.run)).snapshot
    const { snapshot } = await this.client.lesson(wish.lesson, signal)
    if (snapshot === null) throw new Error('The server has not run this lesson yet: try again in a moment.')
    return snapshot
  }

  /** The other run first. It is opened as a run of its own, for it may be of no lesson. */
  private async swap(first: string, other: string): Promise<void> {
    const { lesson, iteration, step } = this.page.store.state
    await this.page.open({ ...NOWHERE, lesson: lesson?.slug ?? null, snapshot: first, compare: other, iteration, step })
  }
}
