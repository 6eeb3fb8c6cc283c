/** The differences of two runs as decorations of the common graph: where they differ, by how much, and what only one of them has. Pure. */

import type { Tensor } from '../../core/contract'
import { memoiseLast } from '../../core/memoise'
import {
  type Badge,
  type Decorations,
  type EdgeMarks,
  mergeDecorations,
  type NodeMarks,
  nodeDecorations,
  type Presence,
} from '../../stage/decorations'
import type { Frame, Run } from '../../walk/model'
import { type Difference, differenceOf, markOf, tellDifference } from './difference'
import type { Union } from './union-graph'

/** The tensors on show, by node. */
export type Shown = Pick<Frame, 'values' | 'gradients' | 'accumulated'>

/** The decorations of the stage of one run. They stay the same object while nothing changes. */
export class DifferenceMarks {
  private readonly presences: Decorations
  private readonly badges = memoiseLast(badgesOf)
  private readonly merged = memoiseLast((presences: Decorations, badges: Decorations) =>
    mergeDecorations([presences, badges]),
  )

  constructor(
    private readonly run: Run,
    union: Pick<Union, 'graph' | 'only'>,
  ) {
    this.presences = presencesIn(run, union)
  }

  /** Return what is marked while both runs show these tensors; `b` is null while nothing is compared. */
  decorations(a: Shown, b: Shown | null): Decorations {
    if (this.run === 'A' || b === null) return this.presences
    const badges = this.badges(a.values, a.gradients, a.accumulated, b.values, b.gradients, b.accumulated)
    return this.merged(this.presences, badges)
  }
}

/** Return which nodes and edges only one of the runs has, as the stage of `run` shows them. */
export function presencesIn(run: Run, { graph, only }: Pick<Union, 'graph' | 'only'>): Decorations {
  const presenceOf = (id: string): Presence | undefined => {
    const owner = only.a.has(id) ? 'A' : only.b.has(id) ? 'B' : null
    return owner === null ? undefined : { kind: owner === run ? 'alone' : 'absent', text: `only in ${owner}` }
  }
  const nodes = graph.nodes.flatMap(({ id }): [string, NodeMarks][] => {
    const presence = presenceOf(id)
    return presence === undefined ? [] : [[id, { presence }]]
  })
  const edges = graph.edges.flatMap(({ id }): [string, EdgeMarks][] => {
    const presence = presenceOf(id)
    return presence === undefined ? [] : [[id, { presence: presence.kind }]]
  })
  return { nodes: new Map(nodes), edges: new Map(edges) }
}

/** Return how B differs from A at every tensor that both show: `a…` and `b…` are the tensors of the runs, by node. */
export function badgesOf(
  aValues: Shown['values'],
  aGradients: Shown['gradients'],
  aAccumulated: Shown['accumulated'],
  bValues: Shown['values'],
  bGradients: Shown['gradients'],
  bAccumulated: Shown['accumulated'],
): Decorations {
  const nodes: [string, NodeMarks][] = []
  for (const [node, outputs] of bValues) {
    const gradients = [aAccumulated.get(node) ?? aGradients.get(node), bAccumulated.get(node) ?? bGradients.get(node)]
    const badges = [
      ...outputs.flatMap((b, output) => badge('value', output, aValues.get(node)?.[output], b)),
      ...badge('gradient', 0, gradients[0], gradients[1]),
    ]
    if (badges.length > 0) nodes.push([node, { badges }])
  }
  return nodeDecorations(nodes)
}

function badge(kind: Badge['kind'], output: number, a: Tensor | undefined, b: Tensor | undefined): readonly Badge[] {
  if (a === undefined || b === undefined) return []
  const difference = remembered(a, b)
  const isQuiet = difference.kind === 'same' || difference.kind === 'alike'
  return [
    { kind, output, isQuiet, text: markOf(difference, a, b), label: `${kind}s are ${tellDifference(difference)}` },
  ]
}

/** The difference of each tensor from the one that it was compared with last: tensors never change, and most stay for many steps. */
const known = new WeakMap<Tensor, { b: Tensor; difference: Difference }>()

function remembered(a: Tensor, b: Tensor): Difference {
  const before = known.get(a)
  if (before?.b === b) return before.difference
  const difference = differenceOf(a, b)
  known.set(a, { b, difference })
  return difference
}
