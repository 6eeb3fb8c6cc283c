/** A measurement of a local derivative: at most one is under way, and none outlives the step that it was asked at. */

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Explanation } from '../../core/contract'
import { troubleOf } from './explain-words'

const CANCELLED = 'Cancelled: nothing was measured.'

/** The state of a measurement. `problem`: the reason for its failure, as a sentence; empty without one. */
export interface Standing {
  running: boolean
  problem: string
}

export class Measuring implements ReactiveController {
  private underWay: { place: string; stop: AbortController } | null = null
  private told: { place: string; problem: string } | null = null

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this)
  }

  hostDisconnected(): void {
    this.leave()
  }

  at(place: string): Standing {
    return {
      running: this.underWay?.place === place,
      problem: this.told?.place === place ? this.told.problem : '',
    }
  }

  /** Begins one with `ask`, or cancels the one that is under way at this place. Never rejects. */
  async press(place: string, ask: (signal: AbortSignal) => Promise<Explanation>): Promise<void> {
    const cancelled = this.at(place).running
    this.leave()
    if (cancelled) return this.tell(place, CANCELLED)
    const mine = { place, stop: new AbortController() }
    this.underWay = mine
    this.host.requestUpdate()
    const problem = await ask(mine.stop.signal).then(troubleOf, (error) =>
      error instanceof Error ? error.message : String(error),
    )
    if (this.underWay !== mine) return
    this.underWay = null
    this.tell(place, problem)
  }

  /** Abort the measurement under way, and forget the results. */
  leave(): void {
    this.underWay?.stop.abort()
    this.underWay = null
    this.told = null
  }

  private tell(place: string, problem: string): void {
    this.told = { place, problem }
    this.host.requestUpdate()
  }
}
