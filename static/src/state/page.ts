/** Everything that the page is showing: the one state, owned by the session. */

import type { Iteration, Lesson, LessonSummary, RunProgress, SnapshotHead } from '../api/types'
import type { Theme } from '../theme'
import { NOWHERE, type Place } from './url'

/** What the page is waiting for. `since`: milliseconds, as performance.now() counts. `progress`: of a run. */
export interface Busy {
  what: 'opening' | 'preparing' | 'running' | 'iteration'
  since: number
  progress?: RunProgress
}

/** Something to tell the reader that is no part of a program's outcome. */
export interface Notice {
  kind: 'error' | 'info'
  text: string
}

export interface PageState {
  lessons: readonly LessonSummary[]
  lesson: Lesson | null
  /** The snapshot that is shown: the last good one while another run is under way. */
  head: SnapshotHead | null
  /** Whether the snapshot is of a program other than the lesson's own run. */
  own: boolean
  /** From 0. */
  iteration: number
  body: Iteration | null
  /** From 0. */
  step: number
  selected: string | null
  /** Ids of the open groups; null until the reader opened or closed one. */
  open: readonly string[] | null
  playing: boolean
  /** Times faster than normal. */
  speed: number
  theme: Theme
  /** The text in the editor. */
  source: string
  busy: Busy | null
  notice: Notice | null
}

export function initialPage(theme: Theme): PageState {
  return {
    lessons: [],
    lesson: null,
    head: null,
    own: false,
    iteration: 0,
    body: null,
    step: 0,
    selected: null,
    open: null,
    playing: false,
    speed: 1,
    theme,
    source: '',
    busy: null,
    notice: null,
  }
}

/** The address of what is shown. */
export function placeOf(state: PageState): Place {
  if (state.head === null) return { ...NOWHERE, lesson: state.lesson?.slug ?? null }
  const drawn = state.body !== null
  return {
    lesson: state.lesson?.slug ?? null,
    snapshot: state.own ? state.head.id : null,
    step: drawn ? state.step : null,
    iteration: drawn ? state.iteration : null,
    node: state.selected,
    open: state.open,
  }
}

/** Whether the editor holds something else than the program that was run. */
export function isEdited(state: PageState): boolean {
  return state.source !== ranSource(state)
}

/** The program behind the picture. */
export function ranSource(state: PageState): string {
  return state.head?.program.source ?? state.lesson?.source ?? ''
}

/** The key under which an edited program is kept. */
export function draftKey(state: PageState): string {
  return state.own && state.head ? state.head.id : (state.lesson?.slug ?? 'program')
}
