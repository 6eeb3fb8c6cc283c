/** Short names for the API's models. `schema.ts` is generated from openapi.json (`npm run types`); nothing is copied by hand. */

import type { components } from './schema'

type Schemas = components['schemas']

export type SnapshotHead = Schemas['SnapshotHead']
export type Graph = Schemas['Graph']
export type Node = Schemas['Node']
export type Edge = Schemas['Edge']
export type Group = Schemas['Group']
export type AutogradNode = Schemas['AutogradNode']
export type Iteration = Schemas['Iteration']
export type IterationSummary = Schemas['IterationSummary']
export type BackwardPass = Schemas['BackwardPass']
export type Update = Schemas['Update']
export type Step = Schemas['Step']
export type Phase = Step['phase']
export type StepKind = Step['kind']
export type Tensor = Schemas['Tensor']
export type Stats = Schemas['Stats']
export type Outcome = Schemas['Outcome']
export type ErrorReport = Schemas['ErrorReport']
export type ConsoleEntry = Schemas['ConsoleEntry']
/** One number of a tensor: a boolean, a number, a non-finite number by name, or [re, im]. */
export type Element = NonNullable<Tensor['data']>[number]

// TODO(schema): from openapi.json as soon as the lessons' and runs' models are in it.
export interface LessonSummary {
  slug: string
  title: string
  summary: string
}
export interface Lesson extends LessonSummary {
  text: string
  /** The text as HTML, rendered by the server. */
  html: string
  source: string
  /** The snapshot of the lesson's own run. */
  snapshot: string | null
}
export interface RunAnswer {
  snapshot: string
  outcome: Outcome
  timings: { queued_ms: number; run_ms: number; total_ms: number }
}
export interface Problem {
  title: string
  status: number
  detail: string
  code: string
}
