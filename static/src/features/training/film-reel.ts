/** Fetches what the cells of a film strip show: those in view, a few at a time, and gives up what is no longer wanted. */

import { isAbort } from '../../api/errors'

/** Requests at a time: a browser allows six to a server, and the picture's own must not wait behind the strip's. */
const AT_ONCE = 3

/** The result of loading a cell. */
export type Shot<T> = { state: 'there'; content: T } | { state: 'failed'; message: string }

export class Reel<T> {
  private readonly shots = new Map<number, Shot<T>>()
  private readonly underWay = new Map<number, AbortController>()
  private queue: number[] = []

  /** `shoot`: makes the content of a cell. `onChange`: called when a cell has come. */
  constructor(
    private readonly shoot: (k: number, signal: AbortSignal) => Promise<T>,
    private readonly onChange: () => void,
  ) {}

  /** Return the content of iteration `k`; null while it is not loaded. */
  at(k: number): Shot<T> | null {
    return this.shots.get(k) ?? null
  }

  /** All contents that are loaded. */
  get contents(): T[] {
    return [...this.shots.values()].flatMap((shot) => (shot.state === 'there' ? [shot.content] : []))
  }

  /** Asks for these iterations, the first of them first; what was asked for before and is not among them is given up. */
  want(iterations: readonly number[]): void {
    const wanted = new Set(iterations)
    for (const [k, controller] of [...this.underWay]) if (!wanted.has(k)) this.giveUp(k, controller)
    this.queue = iterations.filter((k) => this.shots.get(k)?.state !== 'there' && !this.underWay.has(k))
    this.next()
  }

  /** Abort everything under way. */
  close(): void {
    this.want([])
  }

  private giveUp(k: number, controller: AbortController): void {
    this.underWay.delete(k)
    controller.abort()
  }

  private next(): void {
    while (this.underWay.size < AT_ONCE) {
      const k = this.queue.shift()
      if (k === undefined) return
      const controller = new AbortController()
      this.underWay.set(k, controller)
      void this.take(k, controller)
    }
  }

  private async take(k: number, controller: AbortController): Promise<void> {
    const shot = await this.shoot(k, controller.signal).then(
      (content): Shot<T> => ({ state: 'there', content }),
      (error: unknown): Shot<T> | null =>
        isAbort(error) ? null : { state: 'failed', message: error instanceof Error ? error.message : String(error) },
    )
    if (this.underWay.get(k) !== controller) return
    this.underWay.delete(k)
    if (shot !== null) {
      this.shots.set(k, shot)
      this.onChange()
    }
    this.next()
  }
}
