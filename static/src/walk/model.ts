/** The types of a walk: an iteration that is indexed by its steps, and what is shown at a moment of one of them. */

import type { Edge, Graph, Iteration, Node, NonFiniteOrigin, Observations, Phase, Step, Tensor } from '../core/contract'

export type NotFinite = 'NaN' | '∞' | '−∞'

/** Edges along which a pass brought back nothing but zeros, or numbers that are not finite. */
export interface Flow {
  zeroEdges: ReadonlySet<string>
  nonFiniteEdges: ReadonlySet<string>
}

/** A phase of the snapshot, or what comes before all of them. */
export type NamedPhase = Phase | 'initialise'

/** A tensor that moves along an edge during the step. */
export interface Travel {
  edge: string
  tensor: Tensor
  direction: 'forward' | 'backward'
}

/** The content of the stage at one moment. Maps are by node id; `progress` is 0..1 within the step. */
export interface Frame {
  step: number
  progress: number
  phase: Phase
  active: string
  line: number | null
  values: ReadonlyMap<string, readonly Tensor[]>
  gradients: ReadonlyMap<string, Tensor>
  accumulated: ReadonlyMap<string, Tensor>
  travels: readonly Travel[]
  litEdges: ReadonlySet<string>
  sum: { node: string; text: string } | null
  /** The formula of each contribution: "upstream × local". */
  notes: readonly { edge: string; text: string }[]
  /** The remainder of an earlier pass in a leaf's `.grad`, and the sum with this pass. */
  staleGradient: { node: string; text: string } | null
  /** By edge: along which the pass on show brought nothing but zeros, or numbers that are not finite. */
  flow: Flow
  /** Leaves that ask for a gradient and got none. */
  without: ReadonlySet<string>
  /** The origins of the first NaN and the first infinite number, as far as they have happened. */
  origins: readonly NonFiniteOrigin[]
  update: { node: string; text: string } | null
}

/** A tensor that appears at a node: at `step`, when its step has arrived, or at the step's start. */
export interface Appearance {
  step: number
  atStart: boolean
  tensors: readonly Tensor[]
}

/** A contribution that arrives at a node. */
export interface Arrival {
  step: number
  edge: string
  tensor: Tensor
}

/** One iteration, indexed so that any step is reached without walking the steps before it. */
export interface Timeline {
  graph: Graph
  iteration: Iteration
  steps: readonly Step[]
  /** The phase of each step, with the name that the page gives it. */
  phases: readonly NamedPhase[]
  nodes: ReadonlyMap<string, Node>
  edges: ReadonlyMap<string, Edge>
  values: ReadonlyMap<string, readonly Appearance[]>
  gradients: ReadonlyMap<string, readonly Appearance[]>
  accumulated: ReadonlyMap<string, readonly Appearance[]>
  /** Per pass and node, the contributions in the order in which they arrive. */
  arrivals: readonly ReadonlyMap<string, readonly Arrival[]>[]
  /** Per step, the pass whose gradients are on show; null before the first. */
  passes: readonly (number | null)[]
  /** What the server found remarkable; nothing, until its answer is here. */
  observations: Observations
}

/** Which of two compared runs. */
export type Run = 'A' | 'B'

/** A step that only one of two compared runs has here. `elsewhere`: the other run does it too, but at another time. */
export interface LoneStep {
  run: Run
  elsewhere: boolean
  step: Step
}
