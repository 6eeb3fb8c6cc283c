/** Short names for the API's models. `schema.ts` is generated from openapi.json (`npm run types`); nothing is copied by hand. */

import type { components } from '../generated/schema'

type Schemas = components['schemas']

export type SnapshotHead = Schemas['SnapshotHead']
export type Graph = Schemas['Graph']
export type Node = Schemas['Node']
export type Edge = Schemas['Edge']
export type Group = Schemas['Group']
/** Fields that hold what is usual are left out of the JSON of these two, and of older snapshots. */
export type SavedTensor = Usual<Schemas['SavedTensor'], 'node' | 'output' | 'view' | 'storage'>
export type AutogradNode = Usual<Omit<Schemas['AutogradNode'], 'tensors'>, 'values' | 'unread'> & {
  tensors?: readonly SavedTensor[] | null
}
type Usual<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>
export type Iteration = Schemas['Iteration']
export type IterationSummary = Schemas['IterationSummary']
/** One turn of a loop of the program. */
export type LoopTurn = Schemas['LoopTurn']
export type BackwardPass = Schemas['BackwardPass']
/** What the program made of a leaf's gradient between backward and update. */
export type GradientChange = Schemas['GradientChange']
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

export type Explanation = Schemas['Explanation']
export type NodeExplanation = Schemas['NodeExplanation']
export type UpdateExplanation = Schemas['UpdateExplanation']
/** An explanation of a contribution, a value, a gradient or an update. */
export type AnyExplanation = Explanation | NodeExplanation | UpdateExplanation
/** A gradient beside what finite differences give. */
export type Check = Schemas['Check']
export type CheckRequest = Schemas['CheckRequest']
export type Term = Schemas['Term']
export type Quantity = Schemas['Quantity']
export type Finding = Schemas['Finding']
/** What is remarkable in an iteration: where NaN and infinity began, missing gradients, stale ones. */
export type Observations = Schemas['Observations']
export type NonFiniteOrigin = Schemas['NonFiniteOrigin']
/** A stretch of the sentence of a step. */
export type SentencePart = Schemas['SentencePart']
export type StaleGradient = Schemas['StaleGradientFound']

/** A word of the lessons with its definition, and the stop that shows it. */
export type GlossaryWord = Schemas['GlossaryWord']
export type LessonSummary = Schemas['LessonSummary']
export type Lesson = Schemas['LessonPage']
export type LessonStop = Schemas['LessonStop']
export type LessonQuestion = Schemas['LessonQuestion']
export type Question = Schemas['Question']
export type QuestionList = Schemas['QuestionList']
export type Verdict = Schemas['Verdict']
export type Given = Schemas['AnswerRequest']['answer']
export type RunAnswer = Schemas['RunCreated']
export type ProgramBuilt = Schemas['ProgramBuilt']
export type FieldProblem = Schemas['FieldProblem']
export type Problem = Schemas['Problem']
/** The settings of a run besides its text: the seed, and the what-if changes. */
export type RunSetting = Required<Pick<Schemas['RunRequest'], 'seed' | 'overrides'>>

/** The progress of a run: it waits for others, it has started, one of its iterations has ended. */
export type RunProgress =
  | ({ what: 'queued' } & Schemas['Queued'])
  | ({ what: 'started' } & Schemas['Started'])
  | ({ what: 'iteration' } & Schemas['IterationEnded'])
