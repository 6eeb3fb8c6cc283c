/** Recorded programs for the tests of the comparison: tests/e2e/variants.py writes them. */

import type { Graph, Iteration } from '../../core/contract'
import { align } from './align'
import activation from './fixtures/activation.json'
import adam from './fixtures/adam.json'
import base from './fixtures/base.json'
import byHand from './fixtures/by-hand.json'
import layer from './fixtures/layer.json'
import longer from './fixtures/longer.json'
import loop from './fixtures/loop.json'
import renamed from './fixtures/renamed.json'
import seed from './fixtures/seed.json'
import training from './fixtures/training.json'
import { unite } from './union-graph'

export interface Recorded {
  source: string
  graph: Graph
  iteration: Iteration
}

const ALL = { activation, adam, base, byHand, layer, longer, loop, renamed, seed, training }
export type Name = keyof typeof ALL

export const recorded = (name: Name) => ALL[name] as unknown as Recorded

/** Two of them side by side. */
export function pairOf(a: Name, b: Name) {
  const [one, other] = [recorded(a), recorded(b)]
  const alignment = align(one, other)
  return { one, other, alignment, union: unite(one.graph, other.graph, alignment, 7) }
}

/** A node in words: "net.0.weight", "relu". */
export function words({ graph }: Recorded, id: string): string {
  const node = graph.nodes.find((one) => one.id === id)
  return node?.op ?? node?.name ?? '?'
}
