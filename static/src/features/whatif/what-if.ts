/** The hand on a number: asks for a run with it, shows what comes back in the place of the picture, knows the way back. */

import { isAbort, Refused } from '../../api/errors'
import type { Iteration, Outcome, SnapshotHead } from '../../core/contract'
import type { Page } from '../../page/context'
import type { SliceHandle } from '../../page/slices'
import type { PageState } from '../../page/state'
import type { PageEvents } from '../../ui/events'
import { describeError } from '../../ui/outcome-card'
import { PulledNumber } from './dragged-number'
import { Latest } from './latest-request'
import { areSame, changesText, overridesOf, withChange } from './leaf-changes'
import { graphOf } from './leaf-elements'
import { otherWayOf, samePlaceIn, sharing } from './same-picture'
import {
  type Change,
  MOST_VISITED,
  type Problem,
  type WhatIfSlice,
  type WhatIfState,
  type WhatIfView,
} from './what-if-state'

/** Milliseconds after which a hand that does not move is at rest. */
const REST = 600

/** The page, and the feature's part of its state. */
export type WhatIfPage = Pick<Page, 'store' | 'session' | 'client' | 'address' | 'run'> & {
  readonly slice: SliceHandle<WhatIfSlice>
}

export class WhatIf {
  private readonly latest = new Latest<readonly Change[]>((changes, signal) => this.run(changes, signal))
  private readonly pulled = new PulledNumber()
  private readonly stopWatching: () => void
  private rest: ReturnType<typeof setTimeout> | undefined
  /** The address of the recorded run. */
  private link = ''
  /** True if the reader wants to keep the run that is under way. */
  private keeping = false

  /** `source`: where the events of the elements arrive. */
  constructor(
    private readonly page: WhatIfPage,
    private readonly source: EventTarget,
  ) {
    // another run was opened, or this one was kept
    this.stopWatching = page.store.subscribe((state, before) => {
      if (state.variation === null && before.variation !== null) this.end()
    })
    source.addEventListener('gw-what-if', this.onChange)
    source.addEventListener('gw-what-if-end', this.onEnd)
    source.addEventListener('gw-pull', this.onPull)
  }

  dispose(): void {
    this.source.removeEventListener('gw-what-if', this.onChange)
    this.source.removeEventListener('gw-what-if-end', this.onEnd)
    this.source.removeEventListener('gw-pull', this.onPull)
    this.stopWatching()
    this.end()
  }

  private readonly onChange = (event: Event) => {
    this.set((event as CustomEvent<PageEvents['gw-what-if']>).detail.change)
  }

  private readonly onPull = (event: Event) => {
    const { detail } = event as CustomEvent<PageEvents['gw-pull']>
    const { store } = this.page
    // what is dragged is what the inspector shows
    if (detail.begins) store.update({ selected: detail.node })
    const change = this.pulled.change(this.view, detail)
    if (change !== null) this.set(change)
  }

  private readonly onEnd = (event: Event) => {
    const { with: picture } = (event as CustomEvent<PageEvents['gw-what-if-end']>).detail
    if (picture === 'recorded') this.back()
    if (picture === 'shown') this.keep()
    if (picture === 'program') void this.page.run()
  }

  /** Give an element of a leaf another number. */
  set(change: Change): void {
    const whatIf = this.state ?? this.begin()
    if (whatIf === null) return
    const changes = withChange(whatIf.changes, change)
    if (areSame(changes, whatIf.changes)) return
    this.keeping = false
    // a server that said when to come again is not asked before
    const problem = whatIf.problem?.again == null ? null : whatIf.problem
    this.update({ changes, problem, moving: true })
    this.settle()
    if (changes.length > 0) this.latest.ask(changes)
    else this.showRecorded()
  }

  /** Shows the recorded run again. Tells whether there was anything to go back from. */
  back(): boolean {
    const whatIf = this.state
    if (whatIf === null || whatIf.changes.length + whatIf.shown.length === 0) return false
    this.showRecorded()
    this.put(null)
    return true
  }

  /** Keep the wanted run as the one on show, with an address of its own; Back leads to the recorded one. */
  keep(): void {
    const whatIf = this.state
    if (whatIf === null || whatIf.changes.length === 0) return
    this.keeping = !areSame(whatIf.changes, whatIf.shown)
    if (this.keeping) return
    this.page.address.stay(this.link)
    this.put(null)
    this.page.address.push()
  }

  private get state(): WhatIfState | null {
    return this.page.slice.state.whatIf
  }

  /** The state that the elements read. */
  get view(): WhatIfView {
    const { head, body, iteration } = this.page.store.state
    return { head, body, iteration, whatIf: this.state }
  }

  private put(whatIf: WhatIfState | null): void {
    this.page.store.update(this.changeTo(whatIf))
  }

  /** The page's own state and that of the feature change in one step. */
  private changeTo(whatIf: WhatIfState | null): Pick<PageState, 'variation' | 'slices'> {
    return { variation: whatIf, ...this.page.slice.change({ whatIf }) }
  }

  private begin(): WhatIfState | null {
    const { head, body, own } = this.page.store.state
    if (head === null || body === null) return null
    this.link = this.page.address.link
    const none = { changes: [], shown: [], visited: [], moving: false, problem: null, otherWay: null }
    const whatIf = { recorded: { head, body, own }, ...none }
    this.put(whatIf)
    return whatIf
  }

  private end(): void {
    this.latest.stop()
    clearTimeout(this.rest)
    this.keeping = false
    this.page.slice.update({ whatIf: null })
  }

  private update(patch: Partial<WhatIfState>): void {
    const { state } = this
    if (state !== null) this.put({ ...state, ...patch })
  }

  /** The hand is at rest a while after its last move, and not before the last answer. */
  private settle(): void {
    clearTimeout(this.rest)
    this.rest = setTimeout(() => {
      if (this.latest.busy && this.state?.problem === null) this.settle()
      else this.update({ moving: false })
    }, REST)
  }

  private showRecorded(): void {
    const { state } = this
    if (state === null) return
    this.latest.stop()
    this.keeping = false
    const { head, body, own } = state.recorded
    const { iteration } = this.page.store.state
    this.exchange(head, body, own, { shown: [], changes: [], problem: null, otherWay: null })
    // the reader may look at another iteration than that of the first change
    if (iteration !== body.index) void this.goTo(head, iteration)
  }

  private async goTo(head: SnapshotHead, iteration: number): Promise<void> {
    try {
      const body = await this.page.client.iteration(head.id, iteration)
      const { store } = this.page
      if (store.state.head !== head || store.state.body?.index === iteration) return
      store.update({ body, iteration, ...samePlaceIn(store.state, head, body) })
    } catch {
      // The recorded run is on show, in the iteration of the first change.
    }
  }

  /** Runs the program with `changes` and shows what came. Resolves with the seconds to wait before trying the same again. */
  private async run(changes: readonly Change[], signal: AbortSignal): Promise<number | null> {
    try {
      const problem = await this.attempt(changes, signal)
      if (problem !== null) this.fail(problem)
      return null
    } catch (error) {
      if (isAbort(error) || signal.aborted) return null
      const again = error instanceof Refused ? error.retryAfter : null
      const text =
        error instanceof Refused ? error.problem.detail : error instanceof Error ? error.message : String(error)
      this.fail({ text, again })
      return again
    }
  }

  private fail(problem: Problem): void {
    this.keeping = false
    this.update({ problem })
  }

  private async attempt(changes: readonly Change[], signal: AbortSignal): Promise<Problem | null> {
    const recorded = this.state?.recorded
    if (recorded === undefined) return null
    const { client } = this.page
    const { source, seed = 0, overrides = [] } = recorded.head.program
    const program = { seed, overrides: overridesOf(overrides, changes) }
    const answer = await client.run(source, () => undefined, signal, program)
    const failure = failureOf(answer.outcome, recorded.head.outcome, changes)
    if (failure !== null) return { text: failure, again: null }
    const head = sharing(
      await client.snapshot(answer.snapshot, signal),
      [this.page.store.state.head, recorded.head].flatMap((one) => one ?? []),
    )
    const body = await this.bodyOf(head, signal)
    if (body === null) return { text: `With ${changesText(changes)} nothing was recorded.`, again: null }
    const visited = [...(this.state?.visited ?? []), { changes, losses: head.iterations.map(({ loss }) => loss) }]
    this.exchange(head, body, true, {
      shown: changes,
      visited: visited.slice(-MOST_VISITED),
      problem: null,
      otherWay: otherWayOf(graphOf(recorded.head, recorded.body), graphOf(head, body)),
    })
    if (this.keeping) this.keep()
    return null
  }

  /** The iteration at which the reader looks, or the last one. They may go to another one while it is fetched. */
  private async bodyOf(head: SnapshotHead, signal: AbortSignal): Promise<Iteration | null> {
    if (head.iterations.length === 0) return null
    for (;;) {
      const wanted = () => Math.min(this.page.store.state.iteration, head.iterations.length - 1)
      const k = wanted()
      const body = await this.page.client.iteration(head.id, k, signal)
      signal.throwIfAborted()
      if (wanted() === k) return body
    }
  }

  /** The picture and what is known of it change at once, so that no drawing shows one without the other. */
  private exchange(head: SnapshotHead, body: Iteration, own: boolean, patch: Partial<WhatIfState>): void {
    const { state } = this
    if (state === null) return
    const place = samePlaceIn(this.page.store.state, head, body)
    this.page.session.exchange(head, {
      body,
      own,
      iteration: body.index,
      ...place,
      ...this.changeTo({ ...state, ...patch }),
    })
  }
}

/** Return the reason why a run with these changes cannot be shown, as a sentence; null when it can. */
function failureOf(now: Outcome, recorded: Outcome, changes: readonly Change[]): string | null {
  const { error } = now
  if (error?.type === 'OverrideError') return error.message
  // a program that fails anyway can be looked at all the same
  if (error === null || recorded.error !== null) return null
  const line = error.line === null ? '' : ` in line ${error.line}`
  return `With ${changesText(changes)} the program stops${line}: ${describeError(error)}`
}
