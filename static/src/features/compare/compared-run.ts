/**
 * Another run beside the one on show. The page goes on with *one* snapshot: the first run drawn in the common graph, its iterations
 * with the steps of both. What the other run has at the same step is found by the iteration's body.
 */

import type { Client } from '../../api/client'
import { isAbort } from '../../api/errors'
import type { IterationSource } from '../../api/iterations'
import type { Graph, Iteration, Observations, SnapshotHead } from '../../core/contract'
import type { LoneStep, Run } from '../../walk/model'
import { NOTHING_OBSERVED } from '../../walk/observations'
import { align } from './align'
import { mergeSteps } from './merged-steps'
import { labelsOf } from './run-label'
import { translate, translateObservations } from './translated-ids'
import { type Union, unite } from './union-graph'

/** The second run in an iteration. Ids are those of the common graph, steps those of the common timeline. */
export interface Counterpart {
  union: Union
  body: Iteration
  /** Steps that only one of the two has there. */
  lone: ReadonlyMap<number, LoneStep>
  /** The other run has no such iteration: it stands at the end of its last one. */
  over: boolean
  /** The reason why the second run's numbers are missing although it has some; null when they are here. */
  trouble: string | null
}

/** The part of the API that fetches the iterations of both runs. */
export type IterationClient = Pick<Client, 'iteration' | 'observations'>

export class ComparedRun implements IterationSource {
  readonly id: string
  /** The first run as the page shows it beside the other. */
  readonly paired: SnapshotHead
  readonly labels: { a: string; b: string }
  private readonly graphs: Graph[] = []
  private readonly unions = new Map<string, Union>()
  private readonly found = new WeakMap<Iteration, Counterpart>()
  private readonly observed = new WeakMap<Iteration, Observations>()

  constructor(
    readonly first: SnapshotHead,
    readonly head: SnapshotHead,
    private readonly client: IterationClient,
  ) {
    this.id = head.id
    this.paired = { ...first, graphs: this.graphs }
    this.labels = labelsOf(first.program, head.program)
  }

  /** Iteration `k` of the first run, from 0, with the steps of both. */
  async iteration(k: number, signal: AbortSignal): Promise<Iteration> {
    const last = this.head.iterations.length - 1
    const over = last >= 0 && k > last
    let trouble: string | null = null
    const without = (error: unknown) => {
      if (isAbort(error)) throw error
      trouble = error instanceof Error ? error.message : String(error)
      return null
    }
    const [body, other] = await Promise.all([
      this.client.iteration(this.first.id, k, signal),
      last < 0 ? null : this.client.iteration(this.head.id, Math.min(k, last), signal).catch(without),
    ])
    try {
      return this.join(body, other, over, trouble)
    } catch (error) {
      // a damaged recording must not take the first run with it
      return this.join(body, without(error), false, trouble)
    }
  }

  /** Fetch the observations of both runs. `joined`: the iteration that holds the steps of both. Return those of the first run. */
  async observations(k: number, joined: Promise<Iteration>, signal: AbortSignal): Promise<Observations> {
    const last = this.head.iterations.length - 1
    const none = (): Observations => NOTHING_OBSERVED
    const [own, other, body] = await Promise.all([
      this.client.observations(this.first.id, k, signal),
      last < 0 ? none() : this.client.observations(this.head.id, Math.min(k, last), signal).catch(none),
      joined,
    ])
    const beside = this.beside(body)
    if (beside === null) return own
    this.observed.set(body, translateObservations(other, stepsOf('B', beside), beside.union))
    return translateObservations(own, stepsOf('A', beside))
  }

  /** Return the observations of the other run beside `body`, an iteration of `paired`; none, until they are fetched. */
  observationsBeside(body: Iteration): Observations {
    return this.observed.get(body) ?? NOTHING_OBSERVED
  }

  /** Return the second run in `body`, an iteration of `paired`; null when the body is not of this pair. */
  beside(body: Iteration | null): Counterpart | null {
    return body === null ? null : (this.found.get(body) ?? null)
  }

  private join(body: Iteration, other: Iteration | null, over: boolean, trouble: string | null): Iteration {
    const union = this.unionOf(body.graph, other?.graph ?? null, over)
    const mine = { ...body, graph: union.graph.id }
    const theirs = other === null ? NOTHING : translate(other, union)
    if (over || other === null) {
      this.found.set(mine, { union, body: theirs, lone: new Map(), over, trouble })
      return mine
    }
    const { a, b, lone } = mergeSteps(mine, theirs)
    this.found.set(a, { union, body: b, lone, over, trouble })
    return a
  }

  /** One common graph for each pair that meets. An iteration that stands alone has other steps, so it is another graph. */
  private unionOf(a: number, b: number | null, over: boolean): Union {
    const key = `${a} ${b} ${over}`
    const known = this.unions.get(key)
    if (known !== undefined) return known
    const one = graphOf(this.first, a)
    const other = b === null ? { ...one, nodes: [], edges: [], groups: [] } : graphOf(this.head, b)
    const alignment = align(
      { graph: one, source: this.first.program.source },
      { graph: other, source: this.head.program.source },
    )
    const union = unite(one, other, alignment, this.freeId(a))
    this.unions.set(key, union)
    this.graphs.push(union.graph)
    return union
  }

  /** Return the id of the first run's graph if it is free, because the training history names graphs by these numbers. */
  private freeId(wanted: number): number {
    const taken = this.graphs.map(({ id }) => id)
    return taken.includes(wanted) ? Math.max(...taken, ...this.first.graphs.map(({ id }) => id)) + 1 : wanted
  }
}

const NOTHING: Iteration = {
  index: 0,
  graph: 0,
  kind: 'training',
  passes_before: 0,
  loss: null,
  values: {},
  inside: {},
  backward: [],
  updates: [],
  steps: [],
}

/** Return the steps of one run by their numbers in that run, as numbers of the common timeline. */
function stepsOf(run: Run, { body, lone }: Counterpart): readonly number[] {
  return body.steps.map(({ index }) => index).filter((index) => (lone.get(index)?.run ?? run) === run)
}

function graphOf({ graphs }: SnapshotHead, id: number): Graph {
  const found = graphs.find((one) => one.id === id)
  if (found === undefined) throw new Error(`The recording is damaged: it has no graph ${id}.`)
  return found
}
