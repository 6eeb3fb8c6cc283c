/** Heads of trainings for the tests, written short. */

import type { SnapshotHead } from '../../core/contract'
import { nodeOf } from '../../core/testing'

type Real = number | 'NaN' | 'Infinity' | '-Infinity' | null

/** A parameter's numbers: its value in each iteration (or lowest and highest), and the norm of its gradient. */
export interface Numbers {
  value: (Real | [Real, Real])[]
  gradient: Real[]
}

/** The same run, as two epochs of equally many iterations of which the last is an evaluation. */
export function inEpochs(head: SnapshotHead): SnapshotHead {
  const half = head.iterations.length / 2
  const turn = (line: number, variable: string, value: number) => ({ line, number: value, variable, value })
  const iterations = head.iterations.map((one, index) => {
    const [epoch, batch] = [turn(3, 'epoch', Math.floor(index / half)), turn(5, 'batch', index % half)]
    return index % half === half - 1
      ? { ...one, kind: 'evaluation' as const, turns: [epoch], loss: null }
      : { ...one, turns: [epoch, batch] }
  })
  return { ...head, iterations }
}

/** A training in one graph, whose nodes are the parameters and "loss". */
export function headOf(losses: Real[], parameters: Record<string, Numbers> = {}): SnapshotHead {
  const names = Object.keys(parameters)
  const ends = (name: string, at: 0 | 1) => (parameters[name]?.value ?? []).map((x) => (Array.isArray(x) ? x[at] : x))
  return {
    graphs: [
      {
        id: 0,
        nodes: [...names.map((name) => nodeOf(name, 'g0')), nodeOf('loss:mean', null)],
        edges: [],
        groups: [],
      },
    ],
    iterations: losses.map((loss, index) => ({ index, graph: 0, kind: 'training', turns: [], loss, steps: 3 })),
    course: {
      leaves: names.map((name) => ({
        name,
        nodes: [name],
        low: ends(name, 0),
        high: ends(name, 1),
        norm: ends(name, 1),
        gradient_norm: parameters[name]?.gradient ?? [],
      })),
      first_nonfinite: null,
    },
  } as unknown as SnapshotHead
}
