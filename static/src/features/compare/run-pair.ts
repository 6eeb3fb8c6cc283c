/** Both runs of a comparison at one moment: what the stages and the table of differences show. Pure. */

import type { Graph, Iteration, Observations } from '../../core/contract'
import { type Folds, foldsOf } from '../../stage/program/folds'
import type { Frame, LoneStep, Timeline } from '../../walk/model'
import { buildTimeline, frameAt } from '../../walk/timeline'
import type { Counterpart } from './compared-run'

/** Iterations of the same structure share one graph. */
const known = new WeakMap<Graph, Folds>()

function foldsOnce(graph: Graph): Folds {
  const folds = known.get(graph) ?? foldsOf(graph)
  known.set(graph, folds)
  return folds
}

export class Pair {
  readonly folds: Folds
  /** For the sizes of cards: both drawings are one. */
  readonly shapes: Iteration
  other: Timeline

  constructor(
    public first: Timeline,
    readonly beside: Counterpart,
  ) {
    const { union, body } = beside
    this.folds = foldsOnce(union.graph)
    this.shapes = largerOf(first.iteration, body)
    this.other = buildTimeline(union.graph, body)
  }

  /** Take the observations of both runs, which come later than their numbers. `first`: the first run with its own. */
  observe(first: Timeline, observations: Observations): void {
    this.first = first
    if (this.other.observations !== observations) this.other = { ...this.other, observations }
  }

  /** The other run at the moment of a frame of the first one. Past its last iteration it stands at its end. */
  frameBeside({ step, progress }: Frame): Frame {
    return this.beside.over ? frameAt(this.other, this.other.steps.length - 1, 1) : frameAt(this.other, step, progress)
  }

  /** Return the run that alone has a step; null when both have it. */
  loneAt(step: number): LoneStep | null {
    return this.beside.lone.get(step) ?? null
  }
}

/** Return an iteration of the common graph with the larger tensor of two at every node. */
function largerOf(a: Iteration, b: Iteration): Iteration {
  const count = (tensors: Iteration['values'][string] | undefined) =>
    (tensors?.[0]?.shape ?? []).reduce((product, size) => product * size, tensors ? 1 : 0)
  const values = { ...b.values }
  for (const [node, tensors] of Object.entries(a.values))
    if (count(tensors) >= count(values[node])) values[node] = tensors
  return { ...a, values }
}
