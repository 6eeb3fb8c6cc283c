/** A value that its owner changes and others watch. */

export class Store<S extends object> {
  private current: S
  private readonly listeners = new Set<(state: Readonly<S>, before: Readonly<S>) => void>()

  constructor(initial: S) {
    this.current = initial
  }

  get state(): Readonly<S> {
    return this.current
  }

  /** Replace the given fields, and call the subscribers if anything changed. */
  update(patch: Partial<S>): void {
    const before = this.current
    const changed = (Object.keys(patch) as (keyof S)[]).some((key) => !Object.is(before[key], patch[key]))
    if (!changed) return
    this.current = { ...before, ...patch }
    for (const listener of [...this.listeners]) listener(this.current, before)
  }

  /** Calls `listener` after every change. Returns the way to stop. */
  subscribe(listener: (state: Readonly<S>, before: Readonly<S>) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
