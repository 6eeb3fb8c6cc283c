/** The session: what a reader can do with programs and snapshots. It changes the page's state through the API, and knows no DOM. */

import type { Client } from '../api/client'
import { isAbort, isUnreadable, mayPass } from '../api/errors'
import { type IterationSource, Iterations } from '../api/iterations'
import { remarkOn } from '../api/sound'
import type { Graph, Iteration, Lesson, RunProgress, SnapshotHead, Tensor } from '../core/contract'
import { iterationName } from '../core/iteration-names'
import { pause } from '../core/pause'
import type { Store } from '../core/store'
import { inGraph } from '../walk/breakpoints'
import { sameNode, sameStep, stepLike } from '../walk/counterpart'
import { DraftBook, type Drafts } from './draft-book'
import { Drafting } from './drafting'
import type { Beside, Hooks } from './hooks'
import { placeAfterRun, placeWhileWriting } from './place-after-run'
import type { Slices } from './slices'
import { type Busy, currentPlace, draftKey, heldStop, type PageState } from './state'
import type { Place } from './url'

const FIRST_LESSON = 'neuron'
const CANCELLED = 'The run was cancelled: the program is stopped.'
/** Milliseconds between two looks at a lesson that the server is still preparing, and until the page stops looking. */
const LOOK_AGAIN = 500
const LOOK_UNTIL = 120_000

/** The parts of a session besides the store and the client. */
export interface SessionParts {
  drafts?: Drafts
  /** The hooks of features around the opening of a snapshot. */
  hooks?: Pick<Hooks, 'openingPlace' | 'beforeShow' | 'afterShow'>
  slices?: Pick<Slices, 'from'>
}

export class Session {
  /** The text in the editor and its drafts. */
  readonly drafting: Drafting
  private iterations: Iterations | null = null
  private pending = new AbortController()
  /** Repeats the last attempt that failed. */
  private again: () => Promise<unknown> = async () => undefined
  /** The groups that were open before the comparison began. */
  private opened: PageState['open'] = null

  constructor(
    private readonly store: Store<PageState>,
    private readonly client: Client,
    private readonly parts: SessionParts = {},
  ) {
    this.drafting = new Drafting(store, this.parts.drafts ?? new DraftBook())
    store.subscribe(({ body, variation }, before) => {
      const isNew = body !== before.body || variation?.moving !== before.variation?.moving
      // under the hand one run follows the other: the one that it rests at is looked at
      if (isNew && body !== null && !variation?.moving) void this.observe(body)
    })
  }

  /** Loads the list of lessons for the menu. */
  async listLessons(): Promise<void> {
    const list = async () => this.store.update({ lessons: await this.client.lessons() })
    await this.guard(list, () => this.listLessons())
  }

  /**
   * Shows a place. `known`: the id of the lesson's own snapshot, when it is known before the lesson is.
   * A lesson that the server has not run yet is shown without a picture, which comes when it is there.
   */
  async open(asked: Place, known: string | null = null): Promise<void> {
    const place = { ...asked, parameters: asked.parameters ?? {} }
    const slug = place.lesson ?? (place.snapshot === null ? FIRST_LESSON : null)
    let unrun = null as Lesson | null
    await this.attempt(
      'opening',
      async (signal) => {
        const id = place.snapshot ?? known
        const [lesson, early] = await Promise.all([
          slug === null ? null : this.client.lesson(slug, signal),
          id === null ? null : this.client.snapshot(id, signal),
        ])
        const head = early ?? (lesson?.snapshot ? await this.client.snapshot(lesson.snapshot, signal) : null)
        const own = place.snapshot !== null && place.snapshot !== lesson?.snapshot
        if (head !== null)
          return this.show({ lesson, head, own }, own ? place : this.openingPlace(place, lesson), signal)
        this.showUnrun(lesson, place)
        unrun = lesson
      },
      () => this.open(place, known),
    )
    if (unrun !== null) void this.awaitPicture(unrun, place)
  }

  /** Looks again and again whether a lesson was run, and then shows it. Anything else that the reader does ends this. */
  private async awaitPicture(lesson: Lesson, place: Place): Promise<void> {
    await this.attempt(
      'preparing',
      async (signal) => {
        for (let waited = 0; waited < LOOK_UNTIL; waited += LOOK_AGAIN) {
          await pause(LOOK_AGAIN, signal)
          const now = await this.client.lesson(lesson.slug, signal)
          if (now.snapshot === null) continue
          const head = await this.client.snapshot(now.snapshot, signal)
          // the reader may have read on meanwhile
          const here = { ...place, stop: this.store.state.stop || null }
          return this.show({ lesson: now, head, own: false }, this.openingPlace(here, now), signal)
        }
      },
      () => this.awaitPicture(lesson, place),
    )
  }

  /** Runs the program in the editor. Until there is an answer, the last good picture stays. Tells whether there was one. */
  async run(): Promise<boolean> {
    if (this.store.state.busy?.what === 'running') return false
    const { source, lesson } = this.store.state
    const key = draftKey(this.store.state)
    return this.attempt(
      'running',
      async (signal) => {
        const tell = (progress: RunProgress) => this.tell(progress, signal)
        const answer = await this.client.run(source, tell, signal)
        const head = await this.client.snapshot(answer.snapshot, signal)
        await this.show({ lesson, head, own: true }, placeAfterRun(this.store.state, head), signal, { source, key })
      },
      () => this.run(),
    )
  }

  /**
   * Runs the program while it is being written. A newer run takes the place of an older one; a program that fails leaves
   * the picture as it is, and the walk stays at its step as far as there is one. Tells whether there is a new picture.
   */
  async runLive(): Promise<boolean> {
    const { source, lesson, head: before } = this.store.state
    const key = draftKey(this.store.state)
    let shown = false
    await this.attempt(
      'trying',
      async (signal) => {
        const { snapshot, outcome } = await this.client.run(source, () => {}, signal)
        const { error } = outcome
        if (error !== null && before !== null) return this.store.update({ failure: { source, error } })
        const head = await this.client.snapshot(snapshot, signal)
        await this.show({ lesson, head, own: true }, placeWhileWriting(this.store.state, head), signal, { source, key })
        shown = true
      },
      () => this.runLive(),
    )
    return shown
  }

  /** Shows the run `other` beside the one on show; null: that one alone again. */
  async compare(other: string | null): Promise<void> {
    const { head, pair, body, step, lesson, own, source, open, selected } = this.store.state
    const [first, key] = [pair?.first ?? head, draftKey(this.store.state)]
    if (first === null || (other === null && pair === null)) return
    // folds of the one graph mean nothing in the common one, nor what only the other run has in the first
    if (pair === null) this.opened = open
    const node = first.graphs.some(({ nodes }) => nodes.some(({ id }) => id === selected)) ? selected : null
    const place = { ...currentPlace(this.store.state), compare: other, node, open: other === null ? this.opened : null }
    const sameIn = (now: Iteration) => (body ? stepLike((node) => node, body, now, step) : 0)
    await this.attempt(
      'opening',
      (signal) => this.show({ lesson, head: first, own }, place, signal, { source, key }, sameIn),
      () => this.compare(other),
    )
  }

  /** Tries once more what failed. */
  async retry(): Promise<void> {
    this.store.update({ notice: null })
    await this.again()
  }

  /** Cancel whatever the page waits for. A running program is stopped. */
  cancel(): void {
    const running = this.store.state.busy?.what === 'running'
    this.pending.abort()
    if (running) this.store.update({ notice: { kind: 'info', text: CANCELLED } })
  }

  private tell(progress: RunProgress, signal: AbortSignal): void {
    const { busy } = this.store.state
    if (!signal.aborted && busy?.what === 'running') this.store.update({ busy: { ...busy, progress } })
  }

  /** Goes to iteration `k`, from 0, at the same step. */
  async showIteration(k: number): Promise<void> {
    const all = this.store.state.head?.iterations ?? []
    const iteration = Math.min(Math.max(0, k), all.length - 1)
    if (all.length === 0 || iteration === this.store.state.iteration) return
    const name = iterationName(all, iteration)
    this.store.update({ iteration, busy: { what: 'iteration', since: performance.now(), name } })
    const done = await this.guard(
      async () => {
        const body = await this.iterations?.get(iteration)
        // The reader may have moved on while this one was under way.
        if (!body || this.store.state.iteration !== iteration) return
        this.store.update({ body, busy: null, notice: null, ...this.placeIn(body) })
        this.iterations?.prefetch(iteration)
      },
      () => this.showIteration(k),
    )
    // The number must be that of the picture.
    const { body, iteration: wanted } = this.store.state
    if (!done && wanted === iteration && body) this.store.update({ iteration: body.index })
  }

  /** The body of iteration `k`, from 0, for one who looks at many at once. */
  readonly look = async (k: number, signal: AbortSignal): Promise<Iteration> => {
    if (!this.iterations) throw new DOMException('Nothing is open.', 'AbortError')
    return this.iterations.look(k, signal)
  }

  /** Selects a node; null selects none. */
  select(node: string | null): void {
    this.store.update({ selected: node })
  }

  /** A whole tensor of the snapshot that is shown. */
  tensor(id: string): Promise<Tensor> {
    return this.client.tensor(this.store.state.head?.id ?? '', id)
  }

  private async show(
    shown: { lesson: Lesson | null; head: SnapshotHead; own: boolean },
    place: Place,
    signal: AbortSignal,
    ran: { source: string; key: string } | null = null,
    stepIn = (body: Iteration) => clampStep(body, place.step ?? 0),
  ): Promise<void> {
    const { head, source, pair, refused } = await this.beside(shown.head, place, signal)
    const iterations = this.iterationsOf(head, source)
    const iteration = Math.min(place.iteration ?? 0, Math.max(0, head.iterations.length - 1))
    let unreadable = null as Error | null
    const without = (error: unknown) => {
      if (!isUnreadable(error)) throw error
      unreadable = error
      return null
    }
    const body = head.iterations.length === 0 ? null : await iterations.get(iteration).catch(without)
    signal.throwIfAborted()
    this.iterations?.close()
    this.iterations = iterations
    const step = body ? stepIn(body) : 0
    const selected = place.node
    const stop = heldStop(shown.lesson, place.stop ?? 0)
    const { open, breakpoints, predict } = place
    const where = { stop, iteration, body, step, selected, open, breakpoints, predict }
    const remark = remarkOn(head)
    const said = { kind: 'info', text: remark ?? '' } as const
    const notice = refused !== null ? ({ kind: 'error', text: refused } as const) : remark === null ? null : said
    const slices = place.parameters && this.parts.slices?.from(place.parameters)
    this.store.update({
      ...shown,
      head,
      pair,
      ...(slices && { slices }),
      ...where,
      variation: null,
      failure: null,
      playing: false,
      notice,
    })
    if (ran === null) this.drafting.restore(head.program.source)
    else this.drafting.goOn(ran)
    iterations.prefetch(iteration)
    this.parts.hooks?.afterShow?.()
    // the program and what it printed are on show all the same
    if (unreadable !== null) throw unreadable
  }

  private openingPlace(place: Place, lesson: Lesson | null): Place {
    return this.parts.hooks?.openingPlace?.(place, lesson) ?? place
  }

  private async beside(head: SnapshotHead, place: Place, signal: AbortSignal): Promise<Beside> {
    const alone = { head, source: null, pair: null, refused: null }
    return (await this.parts.hooks?.beforeShow?.(head, place, signal)) ?? alone
  }

  /** `source`: where the iterations come from; null: from the server. */
  private iterationsOf({ id, iterations }: SnapshotHead, source: IterationSource | null = null): Iterations {
    const server: IterationSource = {
      iteration: (k, signal) => this.client.iteration(id, k, signal),
      observations: (k, _body, signal) => this.client.observations(id, k, signal),
    }
    return new Iterations(iterations.length, source ?? server)
  }

  /** Add the observations of an iteration on show when they come: the walk does not wait for them. */
  private async observe(body: Iteration): Promise<void> {
    if (this.store.state.observed?.of === body) return
    const observations = (await this.iterations?.observations(body)) ?? null
    if (observations !== null && this.store.state.body === body)
      this.store.update({ observed: { of: body, observations } })
  }

  /** Puts another run of the same program in the place of the one on show; `patch`: all that changes with it. */
  exchange(head: SnapshotHead, patch: Partial<PageState>): void {
    this.iterations?.close()
    this.iterations = this.iterationsOf(head)
    const busy = this.store.state.busy?.what === 'iteration' ? null : this.store.state.busy
    this.store.update({ busy, head, ...patch })
  }

  /** Return the same step and node in another iteration of this snapshot. */
  private placeIn(body: Iteration): Pick<PageState, 'step' | 'selected' | 'breakpoints'> {
    const { step, selected, body: before, breakpoints } = this.store.state
    const graphs = { from: this.graphOf(before), to: this.graphOf(body) }
    if (!before || !graphs.from || !graphs.to) return { step: clampStep(body, step), selected, breakpoints }
    const { from, to } = graphs
    return {
      step: sameStep({ from, to }, before, body, step),
      selected: selected && sameNode(from, to, selected),
      breakpoints: inGraph(breakpoints, from, to),
    }
  }

  private graphOf(body: Iteration | null): Graph | null {
    return this.store.state.head?.graphs.find(({ id }) => id === body?.graph) ?? null
  }

  private showUnrun(lesson: Lesson | null, place: Place): void {
    const nothing = {
      head: null,
      pair: null,
      body: null,
      variation: null,
      own: false,
      stop: heldStop(lesson, place.stop ?? 0),
      iteration: 0,
      step: 0,
      selected: null,
      playing: false,
    }
    this.store.update({ ...nothing, lesson, failure: null })
    this.drafting.restore(lesson?.source ?? '')
  }

  /** One thing at a time: a new attempt gives up the one before. Tells whether it came to its end. */
  private async attempt(
    what: Exclude<Busy['what'], 'iteration'>,
    work: (signal: AbortSignal) => Promise<void>,
    again: () => Promise<unknown>,
  ): Promise<boolean> {
    this.pending.abort()
    const controller = new AbortController()
    this.pending = controller
    this.store.update({ busy: { what, since: performance.now() }, notice: null })
    const done = await this.guard(() => work(controller.signal), again)
    if (this.pending === controller) this.store.update({ busy: null })
    return done
  }

  /** Run `work` and turn a failure into a notice; an abort is not a failure. */
  private async guard(work: () => Promise<void>, again: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (isAbort(error)) return false
      const text = error instanceof Error ? error.message : String(error)
      this.again = again
      this.store.update({ busy: null, notice: { kind: 'error', text, again: mayPass(error) } })
      return false
    }
  }
}

function clampStep(body: Iteration, step: number): number {
  return Math.min(Math.max(0, step), Math.max(0, body.steps.length - 1))
}
