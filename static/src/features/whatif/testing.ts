/** Runs of programs that compute a loss from w, for the tests. */

import type { Graph, Iteration, Node, SnapshotHead, Tensor } from '../../core/contract'
import { nodeOf } from '../../core/testing'
import type { Change, WhatIfState } from './what-if-state'

export const tensor = (data: number[], extra: Partial<Tensor> = {}): Tensor => ({
  id: 't0',
  shape: [data.length],
  dtype: 'float32',
  device: 'cpu',
  data,
  stats: null,
  ...extra,
})

export const leaf = (id: string, name: string | null, extra: Partial<Node> = {}): Node => ({
  ...nodeOf(id, null),
  id,
  kind: 'parameter',
  op: null,
  name,
  requires_grad: true,
  ...extra,
})

export const operation = (id: string): Node => ({ ...nodeOf(id, null), id, kind: 'operation', op: 'mul', name: null })

export const graph = (nodes: Node[], id = 0): Graph => ({ id, nodes, edges: [], groups: [] })

/** A run of one iteration: w (n0), x (n1, without gradient) and the loss (n2). `gradient`: of w. */
export function recorded(loss: number, gradient: number[], pass: object = {}): WhatIfState['recorded'] {
  const nodes = [leaf('n0', 'w'), leaf('n1', 'x', { kind: 'input', requires_grad: false }), operation('n2')]
  const head = {
    id: 'recorded',
    program: { source: 's', seed: 7, overrides: [] },
    outcome: { status: 'completed', error: null },
    graphs: [graph(nodes)],
    iterations: [{ index: 0, graph: 0, loss, steps: 3 }],
  } as unknown as SnapshotHead
  const root = { node: 'n2', output: 0 }
  const backward = [{ root, roots: [root], seeds: {}, gradients: { n0: [tensor(gradient)] }, accumulated: {}, ...pass }]
  const values = { n0: [tensor(gradient.map(() => 1))], n1: [tensor([3])], n2: [tensor([loss], { shape: [] })] }
  const body = { index: 0, graph: 0, loss, values, backward, steps: [] } as unknown as Iteration
  return { head, body, own: false }
}

/** Return a run of the same program with another loss. */
export function rerun({ head }: WhatIfState['recorded'], ...losses: number[]): SnapshotHead {
  const iterations = losses.map((loss, index) => ({
    index,
    graph: 0,
    kind: 'training' as const,
    turns: [],
    loss,
    steps: 3,
  }))
  return { ...head, id: `loss ${losses[0]}`, iterations }
}

export const change = (value: number, extra: Partial<Change> = {}): Change => ({
  name: 'w',
  index: [0],
  label: 'w',
  dtype: 'float64',
  recorded: 1,
  value,
  ...extra,
})

export const state = (run: WhatIfState['recorded'], extra: Partial<WhatIfState> = {}): WhatIfState => ({
  recorded: run,
  changes: [],
  shown: [],
  visited: [],
  moving: false,
  problem: null,
  otherWay: null,
  ...extra,
})
