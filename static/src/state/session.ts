/** What the reader can do, and what it does to the page's state. Knows the API, not the DOM. */

import type { Client } from '../api/client'
import { isAbort } from '../api/errors'
import { Iterations } from '../api/iterations'
import type { Graph, Iteration, Lesson, RunProgress, SnapshotHead, Tensor } from '../api/types'
import { openRival } from '../compare/open'
import { sameNode, sameStep, stepLike } from './counterpart'
import { DraftBook } from './drafts'
import { type Busy, draftKey, isEdited, NO_NOTE, type PageState, placeOf, ranSource } from './page'
import { placeAfterRun, placeWhileWriting } from './staying'
import type { Store } from './store'
import type { Place } from './url'

const FIRST_LESSON = 'neuron'
const CANCELLED = 'The run was cancelled: the program is stopped.'
/** Milliseconds between two looks at a lesson that the server is still preparing, and until the page stops looking. */
const LOOK_AGAIN = 500
const LOOK_UNTIL = 120_000

export class Session {
  private iterations: Iterations | null = null
  private pending = new AbortController()
  private saidLost = false
  /** What was open before another run came beside the first. */
  private opened: PageState['open'] = null

  constructor(
    private readonly store: Store<PageState>,
    private readonly client: Client,
    private readonly drafts = new DraftBook(),
  ) {}

  /** Loads the list of lessons for the menu. */
  async listLessons(): Promise<void> {
    await this.guard(async () => this.store.update({ lessons: await this.client.lessons() }))
  }

  /**
   * Shows a place. `known`: the id of the lesson's own snapshot, when it is known before the lesson is.
   * A lesson that the server has not run yet is shown without a picture, which comes when it is there.
   */
  async open(place: Place, known: string | null = null): Promise<void> {
    const slug = place.lesson ?? (place.snapshot === null ? FIRST_LESSON : null)
    let unrun = null as Lesson | null
    await this.attempt('opening', async (signal) => {
      const id = place.snapshot ?? known
      const [lesson, early] = await Promise.all([
        slug === null ? null : this.client.lesson(slug, signal),
        id === null ? null : this.client.snapshot(id, signal),
      ])
      const head = early ?? (lesson?.snapshot ? await this.client.snapshot(lesson.snapshot, signal) : null)
      const own = place.snapshot !== null && place.snapshot !== lesson?.snapshot
      if (head !== null) return this.show({ lesson, head, own }, place, signal)
      this.showUnrun(lesson)
      unrun = lesson
    })
    if (unrun !== null) void this.awaitPicture(unrun, place)
  }

  /** Looks again and again whether a lesson was run, and then shows it. Anything else that the reader does ends this. */
  private async awaitPicture({ slug }: Lesson, place: Place): Promise<void> {
    await this.attempt('preparing', async (signal) => {
      for (let waited = 0; waited < LOOK_UNTIL; waited += LOOK_AGAIN) {
        await pause(LOOK_AGAIN, signal)
        const lesson = await this.client.lesson(slug, signal)
        if (lesson.snapshot === null) continue
        const head = await this.client.snapshot(lesson.snapshot, signal)
        return this.show({ lesson, head, own: false }, place, signal)
      }
    })
  }

  /** Runs the program in the editor. Until there is an answer, the last good picture stays. Tells whether there was one. */
  async run(): Promise<boolean> {
    if (this.store.state.busy?.what === 'running') return false
    const { source, lesson } = this.store.state
    const key = draftKey(this.store.state)
    return this.attempt('running', async (signal) => {
      const tell = (progress: RunProgress) => this.tell(progress, signal)
      const answer = await this.client.run(source, tell, signal)
      const head = await this.client.snapshot(answer.snapshot, signal)
      await this.show({ lesson, head, own: true }, placeAfterRun(this.store.state, head), signal, { source, key })
    })
  }

  /**
   * Runs the program while it is being written. A newer run takes the place of an older one; a program that fails leaves
   * the picture as it is, and the walk stays at its step as far as there is one. Tells whether there is a new picture.
   */
  async runLive(): Promise<boolean> {
    const { source, lesson, head: before } = this.store.state
    const key = draftKey(this.store.state)
    let shown = false
    await this.attempt('trying', async (signal) => {
      const { snapshot, outcome } = await this.client.run(source, () => {}, signal)
      const { error } = outcome
      if (error !== null && before !== null) return this.store.update({ failure: { source, error } })
      const head = await this.client.snapshot(snapshot, signal)
      await this.show({ lesson, head, own: true }, placeWhileWriting(this.store.state, head), signal, { source, key })
      shown = true
    })
    return shown
  }

  /** Shows the run `other` beside the one on show; null: that one alone again. */
  async compare(other: string | null): Promise<void> {
    const { head, rival, body, step, lesson, own, source, open, selected } = this.store.state
    const [first, key] = [rival?.first ?? head, draftKey(this.store.state)]
    if (first === null || (other === null && rival === null)) return
    // folds of the one graph mean nothing in the common one, nor what only the other run has in the first
    if (rival === null) this.opened = open
    const node = first.graphs.some(({ nodes }) => nodes.some(({ id }) => id === selected)) ? selected : null
    const place = { ...placeOf(this.store.state), compare: other, node, open: other === null ? this.opened : null }
    const sameIn = (now: Iteration) => (body ? stepLike((node) => node, body, now, step) : 0)
    await this.attempt('opening', (signal) =>
      this.show({ lesson, head: first, own }, place, signal, { source, key }, sameIn),
    )
  }

  /** Gives up what the page is waiting for; a program that runs is ended. */
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
    const count = this.store.state.head?.iterations.length ?? 0
    const iteration = Math.min(Math.max(0, k), count - 1)
    if (count === 0 || iteration === this.store.state.iteration) return
    this.store.update({ iteration, busy: { what: 'iteration', since: performance.now() } })
    const done = await this.guard(async () => {
      const body = await this.iterations?.get(iteration)
      // The reader may have moved on while this one was under way.
      if (!body || this.store.state.iteration !== iteration) return
      this.store.update({ body, busy: null, notice: null, ...this.placeIn(body) })
      this.iterations?.prefetch(iteration)
    })
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

  /** The reader typed. */
  edit(source: string): void {
    this.store.update({ source })
    this.keep()
  }

  /** Puts the program that was run back into the editor. */
  reset(): void {
    this.edit(ranSource(this.store.state))
    this.store.update({ draft: { ...this.store.state.draft, restored: null } })
  }

  /** Shows the draft that another tab has of this program; the one in the editor is kept in its place. */
  swapDrafts(): void {
    const key = draftKey(this.store.state)
    const other = this.drafts.other(key, this.store.state.source)
    if (other === null) return
    this.drafts.drop(key, other)
    if (isEdited(this.store.state)) this.drafts.setAside(key, this.store.state.source)
    this.edit(other.source)
    this.store.update({
      draft: { restored: other.at, elsewhere: false, other: isOther(this.drafts, key, other.source) },
    })
  }

  /** Says when another tab edits the program that is on show. Returns the way to stop. */
  watchDrafts(): () => void {
    return this.drafts.watch((program) => {
      const key = draftKey(this.store.state)
      if (program !== key) return
      // the other tab may have taken over this one's draft when it was opened
      if (isEdited(this.store.state) && !this.drafts.holds(key)) this.drafts.keep(key, this.store.state.source)
      const other = isOther(this.drafts, key, this.store.state.source)
      this.store.update({ draft: { ...this.store.state.draft, elsewhere: true, other } })
    })
  }

  private keep(): void {
    const { source, live, own, lesson } = this.store.state
    const kept = this.drafts.keep(draftKey(this.store.state), isEdited(this.store.state) ? source : null)
    // what runs by itself is a snapshot that nobody has asked for: who opens the lesson again goes on with the text
    if (live && own && lesson) this.drafts.keep(lesson.slug, source)
    if (kept || this.saidLost) return
    this.saidLost = true
    const text =
      'This browser keeps nothing more for this page: its storage is full or forbidden. Your program is here until this tab is closed.'
    this.store.update({ notice: { kind: 'info', text } })
  }

  /** The draft of what is on show, if there is one, and what there is to say about it. */
  private restore(source: string): void {
    const key = draftKey(this.store.state)
    const draft = this.drafts.take(key)
    const text = draft?.source ?? source
    const restored = draft === null || draft.source === source ? null : draft.at
    this.store.update({ source: text, draft: { ...NO_NOTE, restored, other: isOther(this.drafts, key, text) } })
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
    const { rival, refused } = await this.rivalOf(shown.head, place.compare, signal)
    const head = rival?.paired ?? shown.head
    const iterations = new Iterations(head.iterations.length, (k, inner) =>
      rival ? rival.iteration(k, inner) : this.client.iteration(head.id, k, inner),
    )
    const iteration = Math.min(place.iteration ?? 0, Math.max(0, head.iterations.length - 1))
    const body = head.iterations.length === 0 ? null : await iterations.get(iteration)
    signal.throwIfAborted()
    this.iterations?.close()
    this.iterations = iterations
    const step = body ? stepIn(body) : 0
    const selected = place.node
    const where = { iteration, body, step, selected, open: place.open }
    const notice = refused === null ? null : ({ kind: 'error', text: refused } as const)
    this.store.update({ ...shown, head, rival, ...where, failure: null, playing: false, notice })
    if (ran === null) this.restore(head.program.source)
    else this.goOnWriting(ran)
    iterations.prefetch(iteration)
  }

  private async rivalOf(first: SnapshotHead, id: string | null, signal: AbortSignal) {
    return id === null ? { rival: null, refused: null } : openRival(this.client, first, id, signal)
  }

  /** The same step and the same node in another iteration of this snapshot. */
  private placeIn(body: Iteration): Pick<PageState, 'step' | 'selected'> {
    const { step, selected, body: before } = this.store.state
    const graphs = { from: this.graphOf(before), to: this.graphOf(body) }
    if (!before || !graphs.from || !graphs.to) return { step: clampStep(body, step), selected }
    const { from, to } = graphs
    return { step: sameStep({ from, to }, before, body, step), selected: selected && sameNode(from, to, selected) }
  }

  private graphOf(body: Iteration | null): Graph | null {
    return this.store.state.head?.graphs.find(({ id }) => id === body?.graph) ?? null
  }

  /** After a run: the draft of it is done with; what was typed meanwhile is the draft of the next. */
  private goOnWriting({ source, key }: { source: string; key: string }): void {
    this.drafts.keep(key, null)
    if (this.store.state.lesson) this.drafts.keep(this.store.state.lesson.slug, null)
    if (this.store.state.source === source) this.store.update({ draft: NO_NOTE })
    this.keep()
  }

  private showUnrun(lesson: Lesson | null): void {
    const nothing = {
      head: null,
      rival: null,
      body: null,
      own: false,
      iteration: 0,
      step: 0,
      selected: null,
      playing: false,
    }
    this.store.update({ ...nothing, lesson, failure: null })
    this.restore(lesson?.source ?? '')
  }

  /** One thing at a time: a new attempt gives up the one before. Tells whether it came to its end. */
  private async attempt(
    what: Exclude<Busy['what'], 'iteration'>,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<boolean> {
    this.pending.abort()
    const controller = new AbortController()
    this.pending = controller
    this.store.update({ busy: { what, since: performance.now() }, notice: null })
    const done = await this.guard(() => work(controller.signal))
    if (this.pending === controller) this.store.update({ busy: null })
    return done
  }

  /** Turns a failure into a notice. A changed mind is none. */
  private async guard(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (isAbort(error)) return false
      const text = error instanceof Error ? error.message : String(error)
      this.store.update({ busy: null, notice: { kind: 'error', text } })
      return false
    }
  }
}

function isOther(drafts: DraftBook, key: string, source: string): boolean {
  return drafts.other(key, source) !== null
}

function clampStep(body: Iteration, step: number): number {
  return Math.min(Math.max(0, step), Math.max(0, body.steps.length - 1))
}

/** Resolves after so many milliseconds; rejects at once when `signal` is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', stop)
  })
}
