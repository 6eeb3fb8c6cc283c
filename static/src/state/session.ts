/** What the reader can do, and what it does to the page's state. Knows the API, not the DOM. */

import type { Client } from '../api/client'
import { isAbort } from '../api/errors'
import { Iterations } from '../api/iterations'
import type { Graph, Iteration, Lesson, RunProgress, SnapshotHead, Tensor } from '../api/types'
import { sameNode, sameStep } from './counterpart'
import { keepDraft, readDraft } from './drafts'
import { type Busy, draftKey, type PageState, ranSource } from './page'
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

  constructor(
    private readonly store: Store<PageState>,
    private readonly client: Client,
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
      keepDraft(key, null)
      await this.show({ lesson, head, own: true }, this.placeAfterRun(head), signal)
    })
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
    keepDraft(draftKey(this.store.state), source === ranSource(this.store.state) ? null : source)
  }

  /** Puts the program that was run back into the editor. */
  reset(): void {
    this.edit(ranSource(this.store.state))
  }

  /** A whole tensor of the snapshot that is shown. */
  tensor(id: string): Promise<Tensor> {
    return this.client.tensor(this.store.state.head?.id ?? '', id)
  }

  private async show(
    shown: { lesson: Lesson | null; head: SnapshotHead; own: boolean },
    place: Place,
    signal: AbortSignal,
  ): Promise<void> {
    const { head } = shown
    const iterations = new Iterations(head.iterations.length, (k, inner) => this.client.iteration(head.id, k, inner))
    const iteration = Math.min(place.iteration ?? 0, Math.max(0, head.iterations.length - 1))
    const body = head.iterations.length === 0 ? null : await iterations.get(iteration)
    signal.throwIfAborted()
    this.iterations?.close()
    this.iterations = iterations
    const step = body ? clampStep(body, place.step ?? 0) : 0
    const selected = place.node
    this.store.update({ ...shown, iteration, body, step, selected, open: place.open, playing: false, notice: null })
    this.store.update({ source: readDraft(draftKey(this.store.state)) ?? head.program.source })
    iterations.prefetch(iteration)
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

  private showUnrun(lesson: Lesson | null): void {
    const nothing = { head: null, body: null, own: false, iteration: 0, step: 0, selected: null, playing: false }
    this.store.update({ ...nothing, lesson })
    this.store.update({ source: readDraft(draftKey(this.store.state)) ?? lesson?.source ?? '' })
  }

  /** Where to look first: at what failed; else at the same step, when the program still has the same steps; else at the start. */
  private placeAfterRun(head: SnapshotHead): Place {
    const { head: before, iteration, step, open, lesson } = this.store.state
    const place = { lesson: lesson?.slug ?? null, snapshot: head.id, node: null, open: null }
    const last = head.iterations.at(-1)
    if (head.outcome.error !== null && last)
      return { ...place, iteration: last.index, step: Math.max(0, last.steps - 1), node: head.outcome.error.node }
    const steps = (some: SnapshotHead | null) => some?.iterations.map((i) => i.steps).join() ?? null
    return steps(before) === steps(head) ? { ...place, iteration, step, open } : { ...place, iteration: 0, step: 0 }
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
