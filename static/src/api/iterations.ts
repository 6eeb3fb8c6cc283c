/** The iteration bodies of one snapshot: fetched when wanted, neighbours ahead of time, the latest kept. */

import type { Iteration } from '../core/contract'

type Fetch = (k: number, signal: AbortSignal) => Promise<Iteration>

interface Entry {
  body: Promise<Iteration>
  controller: AbortController
  settled: boolean
  /** The number of requests of views that show many iterations at once. */
  lookers: number
}

/** Bodies kept. Scrubbing goes back and forth over a few; a 500-iteration training run must not stay in memory whole. */
const KEPT = 32

export class Iterations {
  private readonly entries = new Map<number, Entry>()
  /** The iterations that the walk waits for. */
  private wanted: ReadonlySet<number> = new Set()

  /** `count`: how many iterations the snapshot has. */
  constructor(
    private readonly count: number,
    private readonly fetch: Fetch,
  ) {}

  /**
   * The body of iteration `k`, from 0. Requests under way for iterations that are not next to it are cancelled, so a
   * slider dragged over hundreds of them asks for what it stops at. A failed request is forgotten: the next call asks again.
   */
  get(k: number): Promise<Iteration> {
    this.cancelAllBut(new Set([k - 1, k, k + 1]))
    return this.entry(k).body
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
      if (neighbour >= 0 && neighbour < this.count) this.entry(neighbour).body.catch(() => undefined)
  }

  /** Cancels everything under way. */
  close(): void {
    for (const entry of this.entries.values()) entry.lookers = 0
    this.cancelAllBut(new Set())
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
    const entry: Entry = { controller, settled: false, lookers: 0, body: this.fetch(k, controller.signal) }
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
