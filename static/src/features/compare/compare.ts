/** The comparison of two runs as the page shows it: its stages, its table, and how the second run is found. */

import { html, type TemplateResult } from 'lit'
import { isAbort } from '../../api/errors'
import type { Page } from '../../page/context'
import type { Disposable } from '../../page/feature'
import { NOWHERE } from '../../page/url'
import type { PageEvents } from '../../ui/events'
import { follow } from '../../ui/follow'
import type { LoneStep } from '../../walk/model'
import type { Wish } from './compare-dialog'
import { comparedRunOf } from './open-compared-run'

const NONE: ReadonlyMap<number, LoneStep> = new Map()

export class Comparison {
  constructor(private readonly page: Page) {}

  /** Listens to the elements of the comparison, and gives its pictures the space that they need. */
  connect(): Disposable {
    const { host, session, store, panels } = this.page
    const onCompare = (e: CustomEvent<PageEvents['gw-compare']>) => void session.compare(e.detail.other)
    const onSwap = (e: CustomEvent<PageEvents['gw-swap']>) => void this.swap(e.detail)
    host.addEventListener('gw-compare', onCompare)
    host.addEventListener('gw-swap', onSwap)
    const stop = store.subscribe(({ pair }, before) => {
      if ((pair === null) !== (before.pair === null)) panels.compare(pair !== null)
    })
    return {
      dispose: () => {
        host.removeEventListener('gw-compare', onCompare)
        host.removeEventListener('gw-swap', onSwap)
        stop()
      },
    }
  }

  /** The steps that only one of the two runs has, by number from 0. */
  get loneSteps(): ReadonlyMap<number, LoneStep> {
    const { state } = this.page.store
    return comparedRunOf(state)?.beside(state.body)?.lone ?? NONE
  }

  stages(): TemplateResult {
    const { walk, store } = this.page
    const { selected, theme, playing, open } = store.state
    return html`<gw-compare .comparedRun=${comparedRunOf(store.state)} .timeline=${walk.timeline}
      .frame=${follow(walk.frames)} .selected=${selected} .loss=${walk.lossNode} .theme=${theme} .playing=${playing}
      .open=${open}></gw-compare>`
  }

  table(): TemplateResult {
    const { walk, store } = this.page
    const { step, iteration, selected } = store.state
    return html`<gw-differences .comparedRun=${comparedRunOf(store.state)} .timeline=${walk.timeline} .step=${step}
      .iteration=${iteration} .selected=${selected}></gw-differences>`
  }

  /** Shows the second run that the reader asked for. Resolves with a sentence when it cannot be shown; the first one stays. */
  readonly bring = async (wish: Wish, signal: AbortSignal): Promise<string | null> => {
    try {
      const id = await this.find(wish, signal)
      const head = await this.page.client.snapshot(id, signal)
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
    const { client } = this.page
    if ('show' in wish) return wish.show
    if ('run' in wish) return (await client.run(wish.run.source, () => {}, signal, wish.run)).snapshot
    const { snapshot } = await client.lesson(wish.lesson, signal)
    if (snapshot === null) throw new Error('The server has not run this lesson yet: try again in a moment.')
    return snapshot
  }

  /** Opens the second run as a run of its own, for it may belong to no lesson, and the first one beside it. */
  private async swap({ first, other }: PageEvents['gw-swap']): Promise<void> {
    const { lesson, iteration, step } = this.page.store.state
    await this.page.open({ ...NOWHERE, lesson: lesson?.slug ?? null, snapshot: first, compare: other, iteration, step })
  }
}
