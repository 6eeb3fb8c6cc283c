/** Everything that the page is showing: the one state, owned by the session. */

import type {
  ErrorReport,
  Finding,
  Iteration,
  Lesson,
  LessonSummary,
  Observations,
  RunProgress,
  SnapshotHead,
} from '../core/contract'
import type { Theme } from '../core/theme'
import { type Breakpoints, NO_BREAKPOINTS } from '../walk/breakpoints'
import { NO_FINDINGS } from '../walk/finding'
import { NOWHERE, type Place } from './url'

/** What the page is waiting for. `since`: milliseconds, as performance.now() counts. `progress`: of a run. */
export interface Busy {
  what: 'opening' | 'preparing' | 'running' | 'trying' | 'iteration'
  since: number
  progress?: RunProgress
}

/** Something to tell the reader that is no part of a program's outcome. */
export interface Notice {
  kind: 'error' | 'info'
  text: string
  /** Whether asking once more may help. */
  again?: boolean
}

/** A program that was run on change and failed: the picture is still the one before. */
export interface Failure {
  source: string
  error: ErrorReport
}

/** What there is to say about the draft in the editor. */
export interface DraftNote {
  /** When the draft that was found had been written, in milliseconds; 0 where that is not known; null: none was found. */
  restored: number | null
  /** Whether another tab has edited this program since. */
  elsewhere: boolean
  /** Whether another draft of this program is kept, with another text. */
  other: boolean
}

/** Two runs that are shown together. `id`: that of the second one. */
export interface RunPair {
  readonly id: string
  /** The first run as it was recorded. */
  readonly first: SnapshotHead
}

/** A recorded run of which the picture shows a variation: the same program with other numbers. */
export interface Variation {
  readonly recorded: Readonly<{ head: SnapshotHead; own: boolean }>
  /** Whether the numbers still change: the address, the findings and the sentences wait until they do not. */
  readonly moving: boolean
}

/** The observations of an iteration: `of` is the one that they belong to. */
export interface Observed {
  readonly of: Iteration
  readonly observations: Observations
}

export const NO_NOTE: DraftNote = { restored: null, elsewhere: false, other: false }

export interface PageState {
  lessons: readonly LessonSummary[]
  lesson: Lesson | null
  /** Where in the lesson the reader is: 0 is its opening, one more than there are stops its end. */
  stop: number
  /** The snapshot that is shown: the last good one while another run is under way. */
  head: SnapshotHead | null
  /** Two runs on show at once; then `head` and `body` are those of the pair. Null: a single run is on show. */
  pair: RunPair | null
  /** Whether the snapshot is of a program other than the lesson's own run. */
  own: boolean
  /** From 0. */
  iteration: number
  body: Iteration | null
  /** What is remarkable in `body`. It comes later than that: until then it is null or belongs to another iteration. */
  observed: Observed | null
  /** From 0. */
  step: number
  selected: string | null
  /** What goes wrong in the program that was run, the worst first. */
  findings: readonly Finding[]
  /** What the run on show is a variation of; null: its numbers are those of the program. */
  variation: Variation | null
  /** Ids of the open groups; null until the reader opened or closed one. */
  open: readonly string[] | null
  /** Whether the training over time stands beside the picture. */
  training: boolean
  /** The seed of the questions that the walk stops for; null: it stops for none. */
  predict: number | null
  /** Where playing stops. */
  breakpoints: Breakpoints
  playing: boolean
  /** Times faster than normal. */
  speed: number
  theme: Theme
  /** The text in the editor. */
  source: string
  draft: DraftNote
  /** Whether the program is run whenever typing pauses. */
  live: boolean
  failure: Failure | null
  /** Whether the shape of what each line computed stands behind it. */
  shapes: boolean
  busy: Busy | null
  notice: Notice | null
  /** The parts that features own, by the names of the features. */
  slices: Readonly<Record<string, object>>
}

export function initialPage(theme: Theme): PageState {
  return {
    lessons: [],
    lesson: null,
    stop: 0,
    head: null,
    pair: null,
    own: false,
    iteration: 0,
    body: null,
    observed: null,
    step: 0,
    selected: null,
    findings: NO_FINDINGS,
    variation: null,
    open: null,
    training: false,
    predict: null,
    breakpoints: NO_BREAKPOINTS,
    playing: false,
    speed: 1,
    theme,
    source: '',
    draft: NO_NOTE,
    live: false,
    failure: null,
    shapes: true,
    busy: null,
    notice: null,
    slices: {},
  }
}

/** The address of what is shown. */
export function currentPlace(state: PageState): Place {
  if (state.head === null) return { ...NOWHERE, lesson: state.lesson?.slug ?? null }
  const drawn = state.body !== null
  return {
    lesson: state.lesson?.slug ?? null,
    stop: state.stop || null,
    snapshot: state.own ? state.head.id : null,
    step: drawn ? state.step : null,
    iteration: drawn ? state.iteration : null,
    node: state.selected,
    open: state.open,
    training: (state.training && state.head.iterations.length > 1) || null,
    compare: state.pair?.id ?? null,
    breakpoints: state.breakpoints,
    predict: state.predict,
  }
}

/** The nearest number of a stop that the lesson has. */
export function heldStop(lesson: Lesson | null, stop: number): number {
  return lesson === null ? 0 : Math.min(Math.max(0, stop), lesson.stops.length + 1)
}

/** Whether the editor holds something else than the program that was run. */
export function isEdited(state: PageState): boolean {
  return state.source !== ranSource(state)
}

/** The program behind the picture. */
export function ranSource(state: PageState): string {
  return state.head?.program.source ?? state.lesson?.source ?? ''
}

/** Whether the picture is of another program than the lesson's. */
export function isOwn(state: PageState): boolean {
  return state.own && ranSource(state) !== state.lesson?.source
}

/** What is on show, as the title of the page and to a screen reader. */
export function calledOf(state: PageState): string {
  return isOwn(state) ? 'Your program' : (state.lesson?.title ?? 'Gradwalk')
}

/** What went wrong with the text in the editor, where it was run as it stands. */
export function errorOf(state: PageState): ErrorReport | null {
  if (state.failure?.source === state.source) return state.failure.error
  return isEdited(state) ? null : (state.head?.outcome.error ?? null)
}

/** The key under which an edited program is kept. */
export function draftKey(state: PageState): string {
  // a variation is not a program of its own
  const { own, head } = state.variation?.recorded ?? state
  return own && head ? head.id : (state.lesson?.slug ?? 'program')
}
