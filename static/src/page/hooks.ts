/** What features add to what the page does by itself. */

import type { IterationSource } from '../api/iterations'
import type { Lesson, SnapshotHead } from '../core/contract'
import type { LoneStep } from '../walk/model'
import type { RunPair } from './state'
import type { Place } from './url'

/** Where a walk must stop, which place a snapshot opens at, and what else is fetched. */
export interface Hooks {
  /** How far the walk may go forwards from one step to another, both from 0: to that one, or to a step before it. */
  gate?(from: number, to: number): number
  /** Where a snapshot opens: the place that was asked for, or another one. */
  openingPlace?(place: Place, lesson: Lesson | null): Place
  /** What is fetched beside a snapshot before it is shown. Rejects only when `signal` is aborted. */
  beforeShow?(head: SnapshotHead, place: Place, signal: AbortSignal): Promise<Beside>
  /** A snapshot is on show. */
  afterShow?(): void
  /** Steps that only one of two compared runs has, by number from 0. */
  loneSteps?(): ReadonlyMap<number, LoneStep>
  /** The nodes whose single number can be dragged on the stage. The same set as long as the same picture is on show. */
  pullable?(): ReadonlySet<string>
  /** Escape was pressed. Returns whether that is done with. */
  escape?(): boolean
}

/** What is shown beside a snapshot. */
export interface Beside {
  /** What is shown instead of the snapshot. */
  head: SnapshotHead
  /** Where its iterations come from; null: from the server. */
  source: IterationSource | null
  /** The two runs, where they are shown together; null: a single one is shown. */
  pair: RunPair | null
  /** Why it could not be had; null when it could. */
  refused: string | null
}
