/** The walk through an iteration: it connects the player's clock with the page's state, and emits the frames. */

import { Emitter } from '../core/emitter'
import type { Store } from '../core/store'
import { breaksAt } from '../walk/breakpoints'
import type { Frame, Timeline } from '../walk/model'
import { NOTHING_OBSERVED } from '../walk/observations'
import { Player } from '../walk/player'
import { buildTimeline, frameAt } from '../walk/timeline'
import type { PageState } from './state'

export class Walk {
  timeline: Timeline | null = null
  readonly player: Player
  /** The frame to draw, many times a second while something moves; null when there is none. Elements that draw subscribe to it. */
  readonly frames = new Emitter<Frame | null>(null)

  constructor(private readonly store: Store<PageState>) {
    this.player = new Player(
      (step, progress) => this.show(step, progress),
      ({ step, playing, speed }) => this.store.update({ step: this.timeline ? step : 0, playing, speed }),
    )
    this.player.stopsAt = (step) => this.timeline !== null && breaksAt(store.state.breakpoints, this.timeline, step)
    store.subscribe((state, before) => {
      if (state.body !== before.body || state.head !== before.head) this.load(state)
      else if (state.observed !== before.observed) this.observe(state)
    })
  }

  /** The node of the current step; null without one. */
  get activeNode(): string | null {
    return this.timeline?.steps[this.store.state.step]?.node ?? null
  }

  /** The node that the backward pass starts from, or that was recorded as the loss. */
  get lossNode(): string | null {
    const { backward = [], steps = [] } = this.timeline?.iteration ?? {}
    return backward.at(-1)?.root.node ?? steps.findLast((step) => step.phase === 'loss')?.node ?? null
  }

  private load({ head, body, step, observed }: Readonly<PageState>): void {
    const graph = head?.graphs.find((one) => one.id === body?.graph)
    const observations = observed?.of === body ? observed?.observations : NOTHING_OBSERVED
    this.timeline = graph && body ? buildTimeline(graph, body, observations) : null
    this.player.load(this.timeline?.steps.length ?? 0, step)
    if (!this.timeline) this.frames.emit(null)
  }

  /** Add what was found remarkable to the walk that goes on. */
  private observe({ body, observed }: Readonly<PageState>): void {
    if (this.timeline === null || observed === null || observed.of !== body) return
    this.timeline = { ...this.timeline, observations: observed.observations }
    const frame = this.frames.current
    if (frame !== null) this.show(frame.step, frame.progress)
  }

  private show(step: number, progress: number): void {
    if (this.timeline) this.frames.emit(frameAt(this.timeline, step, progress))
  }
}
