/** The sentences of the page while it waits, on screen and for screen readers. Pure. */

import type { RunProgress } from '../core/contract'
import { iterationNumber, turnText } from '../core/iteration-names'
import { formatNumber } from '../core/numbers'
import type { Busy } from './state'

const WORDS: Record<Busy['what'], string> = {
  opening: 'Opening',
  preparing: 'Preparing the lessons',
  running: 'Running the program',
  trying: 'Running the program',
  iteration: 'Fetching',
}
/** Milliseconds between two announcements of a program's progress to a screen reader. */
const SPOKEN_EVERY = 5000

/** "3 runs before yours", "Running, iteration 12 (epoch 2, batch 5), loss 0.31", "Fetching iteration 7 (epoch 2, batch 5)". */
export function describeWaiting(busy: Busy): string {
  const { what, progress } = busy
  if (progress?.what === 'queued') return before(progress.position)
  if (progress?.what === 'iteration') return running(progress)
  return busy.name === undefined ? WORDS[what] : `${WORDS[what]} ${busy.name}`
}

function before(position: number): string {
  return position === 1 ? '1 run before yours' : `${position} runs before yours`
}

function running({ index, loss, turns }: Extract<RunProgress, { what: 'iteration' }>): string {
  const turn = turnText({ turns: turns ?? [] })
  const at = `Running, ${iterationNumber(index)}${turn && ` (${turn})`}`
  return loss === null ? at : `${at}, loss ${formatNumber(loss)}`
}

/** Passes on to a screen reader what is worth interrupting for: a change of state, and how far it is now and then. */
export class Speaker {
  private text = ''
  private state = ''
  private at = 0

  /** Return the sentence to show at `now` (milliseconds); empty while there is nothing worth saying. */
  say(busy: Busy | null, now: number): string {
    const state = busy === null ? '' : stateOf(busy)
    if (state !== this.state || now - this.at >= SPOKEN_EVERY) {
      this.text = busy === null ? '' : describeWaiting(busy)
      this.state = state
      this.at = now
    }
    return this.text
  }
}

function stateOf({ what, progress }: Busy): string {
  return progress?.what === 'queued' ? `${what} ${progress.position}` : what
}
