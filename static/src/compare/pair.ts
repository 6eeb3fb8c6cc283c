/** Both runs of a comparison at one moment: what the stages and the table of differences show. Pure. */

import type { Iteration } from '../api/types'
import { type Folds, foldsOf } from '../graph/folds'
import { buildTimeline, type Frame, frameAt, type Timeline } from '../timeline/timeline'
import { largerOf, Marks } from './marks'
import type { Counterpart } from './rival'
import type { Lone, Run } from './steps'

export class Pair {
  readonly folds: Folds
  /** For the sizes of cards: both drawings are one. */
  readonly shapes: Iteration
  readonly marks: { a: Marks; b: Marks }
  readonly other: Timeline
  /** The width that either drawing has. */
  width = 0

  constructor(
    readonly first: Timeline,
    readonly beside: Counterpart,
  ) {
    const { union, body } = beside
    this.folds = foldsOf(union.graph)
    this.shapes = largerOf(first.iteration, body)
    this.other = buildTimeline(union.graph, body)
    const marks = (run: Run) => new Marks(run, union, this.shapes, () => this.width)
    this.marks = { a: marks('A'), b: marks('B') }
  }

  /** The other run at the moment of a frame of the first one. Past its last iteration it stands at its end. */
  frameBeside({ step, progress }: Frame): Frame {
    return this.beside.over ? frameAt(this.other, this.other.steps.length - 1, 1) : frameAt(this.other, step, progress)
  }

  /** Whether a step is only one run's; null when both have it. */
  loneAt(step: number): Lone | null {
    return this.beside.lone.get(step) ?? null
  }
}
