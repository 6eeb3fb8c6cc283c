/** Graphs for the tests, written short. */

import type { Edge, Graph, Group, Node } from './contract'

/** "name" or "name:op" and the group that holds it; a leaf in a group is a parameter. Ids are the names. */
export function graphOf(
  nodes: readonly (readonly [string, string | null])[],
  edges: readonly (readonly [string, string])[],
  groups: readonly (readonly [string, string | null])[] = [],
): Graph {
  return {
    id: 0,
    nodes: nodes.map(([text, group]) => nodeOf(text, group)),
    edges: edges.map(([source, target], i): Edge => ({ id: `e${i}`, source, output: 0, target, argument: 'self' })),
    groups: groups.map(([id, parent]): Group => ({ id, parent, kind: 'module', name: id, type: 'M' })),
  }
}

/** One node of these. */
export function nodeOf(text: string, group: string | null): Node {
  const [id = '', op = null] = text.split(':')
  const leaf = group === null ? 'input' : 'parameter'
  return {
    id,
    kind: op === null ? leaf : 'operation',
    op,
    name: id,
    line: 1,
    path: [],
    group,
    arguments: {},
    outputs: 1,
    failed: false,
    requires_grad: true,
    autograd: [],
  }
}

/** The lesson "module": two linear layers in a net, and a loss. */
export const MODULE = graphOf(
  [
    ['x', null],
    ['y', null],
    ['weight1', 'fc1'],
    ['bias1', 'fc1'],
    ['linear1:linear', 'fc1'],
    ['relu:relu', 'net'],
    ['weight2', 'fc2'],
    ['bias2', 'fc2'],
    ['linear2:linear', 'fc2'],
    ['sigmoid:sigmoid', 'net'],
    ['loss:binary_cross_entropy', null],
  ],
  [
    ['x', 'linear1'],
    ['weight1', 'linear1'],
    ['bias1', 'linear1'],
    ['linear1', 'relu'],
    ['relu', 'linear2'],
    ['weight2', 'linear2'],
    ['bias2', 'linear2'],
    ['linear2', 'sigmoid'],
    ['sigmoid', 'loss'],
    ['y', 'loss'],
  ],
  [
    ['net', null],
    ['fc1', 'net'],
    ['fc2', 'net'],
  ],
)

/** A graph as tests/e2e/recording.py writes it: real programs, without their numbers. */
export interface Recorded {
  nodes: [string, string, string | null, string | null, number | null, number[], string | null, number][]
  edges: [string, number, string][]
  groups: [string, string | null, string, string][]
}

export function recorded({ nodes, edges, groups }: Recorded): Graph {
  return {
    id: 0,
    nodes: nodes.map(([id, kind, op, name, line, path, group, outputs]) => ({
      ...nodeOf(op === null ? id : `${id}:${op}`, group),
      kind: kind as Node['kind'],
      name,
      line,
      path: path.map((at) => ({ line: at, function: 'f' })),
      outputs,
    })),
    edges: edges.map(([source, output, target], i) => ({ id: `e${i}`, source, output, target, argument: 'self' })),
    groups: groups.map(([id, parent, name, type]) => ({ id, parent, kind: 'module', name, type })),
  }
}

/** Numbers from 0 to 1 that look random and are the same every time. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}
