/** The state of a what-if: the numbers that the reader has changed, and the results. */

import type { Element, Iteration, SnapshotHead } from '../../core/contract'
import type { PageState, Variation } from '../../page/state'

/** One element of a leaf that has another number than the program gives it. */
export interface Change {
  /** The leaf's name in the program. */
  name: string
  /** One number per dimension, from 0. */
  index: readonly number[]
  /** The element's name for readers: "w", "fc1.weight[0, 3]". */
  label: string
  dtype: string
  /** The number in the recorded run. Numbers are decimals that give the same number in `dtype`. */
  recorded: number
  value: number
}

/** A run that came to its end: what was changed for it, and the losses of its iterations. */
export interface Visited {
  changes: readonly Change[]
  losses: readonly (Element | null)[]
}

/** The reason why the picture does not show the wanted numbers. */
export interface Problem {
  text: string
  /** Seconds until it is asked for again; null: at the next change. */
  again: number | null
}

export interface WhatIfState extends Variation {
  /** The reference: the run on show before the first change, in the iteration of that change. */
  recorded: { head: SnapshotHead; body: Iteration; own: boolean }
  /** The wanted changes; their run may be under way. */
  changes: readonly Change[]
  /** The changes of the picture on show; none: it is the recorded run. */
  shown: readonly Change[]
  /** In the order in which they came. */
  visited: readonly Visited[]
  /** True while the reader still changes numbers. */
  moving: boolean
  problem: Problem | null
  /** The difference in the program's control flow from the recorded run, as a sentence; null without one. */
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
