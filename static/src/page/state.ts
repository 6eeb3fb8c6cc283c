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

/** An operation that the page waits for. `since`: milliseconds of performance.now(). `progress`: of a run. `name`: of an iteration. */
export interface Busy {
  what: 'opening' | 'preparing' | 'running' | 'trying' | 'iteration'
  since: number
  progress?: RunProgress
  name?: string
}

/** Something to tell the reader that is no part of a program's outcome. */
export interface Notice {
  kind: 'error' | 'info'
  text: string
  /** True if trying again may help. */
  again?: boolean
}

/** A program that was run on change and failed: the picture is still the one before. */
export interface Failure {
  source: string
  error: ErrorReport
}

/** Facts about the draft in the editor. */
export interface DraftNote {
  /** When the draft that was found had been written, in milliseconds; 0 where that is not known; null: none was found. */
  restored: number | null
  /** True if another tab has edited this program since. */
  elsewhere: boolean
  /** True if another draft of this program, with another text, is kept. */
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
  /** True while the numbers still change: address, findings and sentences wait for the end. */
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
  /** The stop of the lesson that the reader is at: 0 is the opening, one more than the number of stops is the end. */
  stop: number
  /** The snapshot that is shown: the last good one while another run is under way. */
  head: SnapshotHead | null
  /** Two runs on show at once; then `head` and `body` are those of the pair. Null: a single run is on show. */
  pair: RunPair | null
  /** True if the snapshot is of another program than the lesson's own run. */
  own: boolean
  /** From 0. */
  iteration: number
  body: Iteration | null
  /** What is remarkable in `body`. It comes later than that: until then it is null or belongs to another iteration. */
  observed: Observed | null
  /** From 0. */
  step: number
  selected: string | null
  /** The findings about the program that was run, the worst first. */
  findings: readonly Finding[]
  /** The variation that is on show; null: the numbers of the run are those of the program. */
  variation: Variation | null
  /** Ids of the open groups; null until the reader opened or closed one. */
  open: readonly string[] | null
  /** True if the training over time is open. */
  training: boolean
  /** The seed of the questions that the walk stops for; null: it stops for none. */
  predict: number | null
  /** The breakpoints, where playing stops. */
  breakpoints: Breakpoints
  playing: boolean
  /** Times faster than normal. */
  speed: number
  theme: Theme
  /** The text in the editor. */
  source: string
  draft: DraftNote
  /** True if the program is run whenever typing pauses. */
  live: boolean
  failure: Failure | null
  /** True if the shapes that each line computed stand behind it. */
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

/** Return whether the text in the editor differs from the program that was run. */
export function isEdited(state: PageState): boolean {
  return state.source !== ranSource(state)
}

/** The program behind the picture. */
export function ranSource(state: PageState): string {
  return state.head?.program.source ?? state.lesson?.source ?? ''
}

/** Return whether the picture is of another program than the lesson's. */
export function isOwn(state: PageState): boolean {
  return state.own && ranSource(state) !== state.lesson?.source
}

/** Return the name of the program on show, for the title of the document and for screen readers. */
export function calledOf(state: PageState): string {
  return isOwn(state) ? 'Your program' : (state.lesson?.title ?? 'Gradwalk')
}

/** Return the error of the text in the editor; null when this text was not run, or ran without an error. */
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
