/** What the reader has changed by hand, and what came of it. */

import type { Element, Iteration, SnapshotHead } from '../../core/contract'
import type { PageState, Variation } from '../../page/state'

/** One element of a leaf that has another number than the program gives it. */
export interface Change {
  /** The leaf's name in the program. */
  name: string
  /** One number per dimension, from 0. */
  index: readonly number[]
  /** As a reader calls it: "w", "fc1.weight[0, 3]". */
  label: string
  dtype: string
  /** What the leaf held in the recorded run. Numbers are decimals that give the same number in `dtype`. */
  recorded: number
  value: number
}

/** A run that came to its end: what was changed for it, and the losses of its iterations. */
export interface Visited {
  changes: readonly Change[]
  losses: readonly (Element | null)[]
}

/** Why the picture is not of what the hand asks for. */
export interface Problem {
  text: string
  /** Seconds until it is asked for again; null: at the next change. */
  again: number | null
}

export interface WhatIfState extends Variation {
  /** What everything is compared with: the run as it was on show before the first change, in the iteration of that change. */
  recorded: { head: SnapshotHead; body: Iteration; own: boolean }
  /** What the hand asks for; the run of it may be under way. */
  changes: readonly Change[]
  /** What the picture on show was run with; none: it is the recorded run. */
  shown: readonly Change[]
  /** In the order in which they came. */
  visited: readonly Visited[]
  /** Whether the hand has not come to rest yet. */
  moving: boolean
  problem: Problem | null
  /** What the program did otherwise than in the recorded run, as a sentence; null when it took the same way. */
  otherWay: string | null
}

/** The feature's part of the page's state; null: no number was touched. */
export interface WhatIfSlice {
  whatIf: WhatIfState | null
}

/** The state that the elements of a what-if read. */
export type WhatIfView = Pick<PageState, 'head' | 'body' | 'iteration'> & WhatIfSlice

/** More runs than this are not drawn: the oldest are forgotten. */
export const MOST_VISITED = 300

declare module '../../ui/events' {
  interface PageEvents {
    /** A number of a leaf is wanted to be another one. */
    'gw-what-if': { change: Change }
    /** The end of a what-if: with the recorded run, with the one on show, or with the program as it is written. */
    'gw-what-if-end': { with: 'recorded' | 'shown' | 'program' }
  }
}
