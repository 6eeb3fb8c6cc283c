/** Hooks: the points at which a feature takes part in what the page does by itself. */

import type { IterationSource } from '../api/iterations'
import type { ConsoleEntry, Lesson, SnapshotHead } from '../core/contract'
import type { LoneStep } from '../walk/model'
import type { RunPair } from './state'
import type { Place } from './url'

/** The hooks of a feature. */
export interface Hooks {
  /** Return the farthest step that the walk may go to from step `from` towards step `to`, both from 0. */
  gate?(from: number, to: number): number
  /** Return the place at which a snapshot opens: the requested place, or another one. */
  openingPlace?(place: Place, lesson: Lesson | null): Place
  /** Fetch data that is shown together with a snapshot. Rejects only when `signal` is aborted. */
  beforeShow?(head: SnapshotHead, place: Place, signal: AbortSignal): Promise<Beside>
  /** A snapshot is on show. */
  afterShow?(): void
  /** Steps that only one of two compared runs has, by number from 0. */
  loneSteps?(): ReadonlyMap<number, LoneStep>
  /** The nodes whose single number can be dragged on the stage. The same set as long as the same picture is on show. */
  pullable?(): ReadonlySet<string>
  /** Return how many entries of the console may be shown; the rest would tell what is still to be asked. Null: all. */
  shownOutput?(entries: readonly ConsoleEntry[]): number | null
  /** Escape was pressed. Returns whether that is done with. */
  escape?(): boolean
}

/** A snapshot as it is shown, with the data that a feature fetched for it. */
export interface Beside {
  /** The snapshot to show instead of the requested one. */
  head: SnapshotHead
  /** The source of its iterations; null: the server. */
  source: IterationSource | null
  /** The two runs, where they are shown together; null: a single one is shown. */
  pair: RunPair | null
  /** The reason why the data could not be fetched, as a sentence; null without one. */
  refused: string | null
}
