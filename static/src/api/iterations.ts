/** A cache of the iterations of one snapshot and their observations: fetched when wanted, neighbours ahead of time. */

import type { Iteration, Observations } from '../core/contract'

/** Where the iterations of a snapshot come from. `k`: from 0. */
export interface IterationSource {
  iteration(k: number, signal: AbortSignal): Promise<Iteration>
  /** Fetch what is remarkable in iteration `k`. `body`: that iteration, which is fetched at the same time. */
  observations(k: number, body: Promise<Iteration>, signal: AbortSignal): Promise<Observations>
}

interface Entry {
  body: Promise<Iteration>
  /** Resolves with null when they cannot be had; null while nobody has asked for them. */
  observations: Promise<Observations | null> | null
  controller: AbortController
  settled: boolean
  /** The number of requests of views that show many iterations at once. */
  lookers: number
}

/** Bodies kept. Scrubbing goes back and forth over a few; a 500-iteration training run must not stay in memory whole. */
const KEPT = 32

const NEW = { observations: null, settled: false, lookers: 0 }

export class Iterations {
  private readonly entries = new Map<number, Entry>()
  /** The iterations that the walk waits for. */
  private wanted: ReadonlySet<number> = new Set()

  /** `count`: how many iterations the snapshot has. */
  constructor(
    private readonly count: number,
    private readonly source: IterationSource,
  ) {}

  /**
   * The body of iteration `k`, from 0. Requests under way for iterations that are not next to it are cancelled, so a
   * slider dragged over hundreds of them asks for what it stops at. A failed request is forgotten: the next call asks again.
   */
  get(k: number): Promise<Iteration> {
    this.cancelAllBut(new Set([k - 1, k, k + 1]))
    return this.whole(k).body
  }

  /** Return the observations of an iteration; null where they cannot be had, which the next call tries again. */
  async observations(body: Iteration): Promise<Observations | null> {
    // it may have been fetched elsewhere
    if (!this.entries.has(body.index)) {
      const controller = new AbortController()
      this.entries.set(body.index, { ...NEW, controller, settled: true, body: Promise.resolve(body) })
    }
    return this.whole(body.index).observations
  }

  /**
   * The body of iteration `k` for one who looks at many at once: cancels no other request, and is cancelled only by
   * `signal`, then rejecting with its reason.
   */
  async look(k: number, signal: AbortSignal): Promise<Iteration> {
    signal.throwIfAborted()
    const entry = this.entry(k)
    entry.lookers += 1
    try {
      return await Promise.race([entry.body, aborted(signal)])
    } finally {
      entry.lookers -= 1
      this.cancelAllBut(this.wanted)
    }
  }

  /** Fetches the neighbours of `k`, so that `[` and `]` answer at once. */
  prefetch(k: number): void {
    for (const neighbour of [k + 1, k - 1])
      if (neighbour >= 0 && neighbour < this.count) this.whole(neighbour).body.catch(() => undefined)
  }

  /** Cancels everything under way. */
  close(): void {
    for (const { controller } of this.entries.values()) controller.abort()
    this.entries.clear()
  }

  /** Return the entry of an iteration for which the observations are asked for, too. */
  private whole(k: number): Entry {
    const entry = this.entry(k)
    entry.observations ??= this.observe(k, entry)
    return entry
  }

  private async observe(k: number, entry: Entry): Promise<Observations | null> {
    try {
      return await this.source.observations(k, entry.body, entry.controller.signal)
    } catch {
      entry.observations = null
      return null
    }
  }

  private entry(k: number): Entry {
    const known = this.entries.get(k)
    const entry = known ?? this.begin(k)
    this.entries.delete(k)
    this.entries.set(k, entry)
    this.dropOldest()
    return entry
  }

  private begin(k: number): Entry {
    const controller = new AbortController()
    const entry: Entry = { ...NEW, controller, body: this.source.iteration(k, controller.signal) }
    const forget = () => {
      if (this.entries.get(k) === entry) this.entries.delete(k)
    }
    entry.body.then(() => {
      entry.settled = true
    }, forget)
    return entry
  }

  private cancelAllBut(wanted: ReadonlySet<number>): void {
    this.wanted = wanted
    for (const [k, entry] of [...this.entries]) {
      if (entry.settled || entry.lookers > 0 || wanted.has(k)) continue
      this.entries.delete(k)
      entry.controller.abort()
    }
  }

  private dropOldest(): void {
    for (const [k, entry] of [...this.entries]) {
      if (this.entries.size <= KEPT) return
      if (entry.settled) this.entries.delete(k)
    }
  }
}

/** Rejects with the signal's reason when it is aborted; never resolves. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
