/** One thing after the other, and of those that wait only the last: what a hand asks for faster than it can be done. */

/** Milliseconds of a second, for a server says how long to wait in seconds. */
const SECOND = 1000

export class Latest<T> {
  private waiting: { wanted: T } | null = null
  private controller: AbortController | null = null
  private timer: ReturnType<typeof setTimeout> | undefined

  /** `work` resolves with the seconds after which the same is to be tried again; null when it is done with. It never rejects. */
  constructor(private readonly work: (wanted: T, signal: AbortSignal) => Promise<number | null>) {}

  /** True while a request is under way or waits. */
  get busy(): boolean {
    return this.controller !== null || this.timer !== undefined
  }

  /** Does `wanted` as soon as what is under way is over, and in the place of what waits. */
  ask(wanted: T): void {
    this.waiting = { wanted }
    if (!this.busy) void this.next()
  }

  /** Abort the request under way, and drop the one that waits. */
  stop(): void {
    this.waiting = null
    clearTimeout(this.timer)
    this.timer = undefined
    this.controller?.abort()
    this.controller = null
  }

  private async next(): Promise<void> {
    const { waiting } = this
    if (waiting === null) return
    this.waiting = null
    const controller = new AbortController()
    this.controller = controller
    const seconds = await this.work(waiting.wanted, controller.signal)
    // stopped meanwhile: what comes now is another's
    if (this.controller !== controller) return
    this.controller = null
    if (seconds === null) return this.next()
    this.waiting ??= waiting
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.next()
    }, seconds * SECOND)
  }
}
