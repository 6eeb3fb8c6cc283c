/** The only clock of the page: it moves a position through the steps and reports it. */

/** Milliseconds that one step takes at speed 1. */
const STEP_MS = 600
/** Milliseconds that a finished step stands still while playing at speed 1, so that it can be read. */
const REST_MS = 500

/** Speeds of the keys 1 to 5. */
export const SPEEDS = [0.5, 1, 2, 4, 8] as const

export interface PlayerState {
  step: number
  playing: boolean
  speed: number
}

/** The functions of the browser that the player needs; tests pass their own. */
export interface Clock {
  now(): number
  request(callback: () => void): number
  cancel(handle: number): void
  reducedMotion(): boolean
}

export const browserClock: Clock = {
  now: () => performance.now(),
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
  reducedMotion: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
}

/** Plays, pauses, steps and seeks through `length` steps (0-based). */
export class Player {
  /** Return whether playing stops at the end of a step. */
  stopsAt: (step: number) => boolean = () => false
  /** Return how far the walk may go from one step towards another. */
  gate: (from: number, to: number) => number = (_from, to) => to
  private length = 0
  private state: PlayerState = { step: 0, playing: false, speed: 1 }
  private progress = 1
  private began = 0
  private handle: number | null = null

  constructor(
    private readonly onFrame: (step: number, progress: number) => void,
    private readonly onState: (state: PlayerState) => void,
    private readonly clock: Clock = browserClock,
  ) {}

  /** Loads a timeline of `length` steps and stands at the end of `step`. */
  load(length: number, step: number): void {
    this.length = length
    this.stop()
    this.stand(this.held(step))
  }

  get step(): number {
    return this.state.step
  }

  get playing(): boolean {
    return this.state.playing
  }

  /** Starts or stops playing; at the end it starts over. */
  toggle(): void {
    if (this.state.playing) {
      this.stop()
      this.stand(this.state.step)
    } else if (this.length > 0 && !this.isHeld) {
      this.set({ playing: true })
      this.enter(this.state.step >= this.length - 1 ? 0 : this.state.step + 1)
    }
  }

  /** Goes to a step: forwards by one with its animation, otherwise at once. */
  seek(step: number): void {
    const wanted = this.held(step)
    const target = wanted > this.state.step ? this.gate(this.state.step, wanted) : wanted
    const next = target === this.state.step + 1
    this.stop()
    if (next) this.enter(target)
    else this.stand(target)
  }

  /** Goes to a step, wherever it is, with its animation. */
  arrive(step: number): void {
    this.stop()
    if (this.length > 0) this.enter(this.held(step))
  }

  /** Sets how many times faster than normal the steps play. */
  setSpeed(speed: number): void {
    this.set({ speed })
  }

  /** Stops the clock for good. */
  dispose(): void {
    this.stop()
  }

  private held(step: number): number {
    return Math.max(0, Math.min(step, this.length - 1))
  }

  /** True if the next step must wait. */
  private get isHeld(): boolean {
    const { step } = this.state
    return step < this.length - 1 && this.gate(step, step + 1) === step
  }

  private set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change }
    this.onState(this.state)
  }

  private stop(): void {
    if (this.handle !== null) this.clock.cancel(this.handle)
    this.handle = null
    if (this.state.playing) this.set({ playing: false })
  }

  private stand(step: number): void {
    this.progress = 1
    this.set({ step })
    this.onFrame(step, 1)
  }

  private enter(step: number): void {
    this.set({ step })
    this.began = this.clock.now()
    this.progress = this.clock.reducedMotion() ? 1 : 0
    this.onFrame(step, this.progress)
    this.handle = this.clock.request(() => this.tick())
  }

  private tick(): void {
    const elapsed = (this.clock.now() - this.began) * this.state.speed
    if (this.progress < 1) {
      this.progress = Math.min(1, elapsed / STEP_MS)
      this.onFrame(this.state.step, this.progress)
    }
    if (this.progress >= 1 && !this.state.playing) {
      this.handle = null
      return
    }
    if (this.progress >= 1 && (this.stopsAt(this.state.step) || this.isHeld)) {
      this.stop()
    } else if (elapsed < STEP_MS + REST_MS) {
      this.handle = this.clock.request(() => this.tick())
    } else if (this.state.step >= this.length - 1) {
      this.stop()
    } else {
      this.enter(this.state.step + 1)
    }
  }
}
