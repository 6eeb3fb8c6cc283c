/** A value that comes again and again, for those who subscribe to it. */

export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>()

  /** `current`: the value until the first one is emitted. */
  constructor(private value: T) {}

  /** The value that came last. */
  get current(): T {
    return this.value
  }

  emit(value: T): void {
    this.value = value
    for (const listener of [...this.listeners]) listener(value)
  }

  /** Calls `listener` with every value from now on. Returns the way to stop. */
  subscribe(listener: (value: T) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
