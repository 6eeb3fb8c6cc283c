/** The picture of another run of the same program in the place of the one on show. Pure. */

import type { Graph, Iteration, SnapshotHead } from '../../core/contract'
import type { PageState } from '../../page/state'
import { sameNode, sameStep } from '../../walk/counterpart'
import { graphOf } from './leaf-elements'

const written = new WeakMap<Graph, string>()

/**
 * `head` with the graphs of `known` in the place of those that are equal: what is drawn stays where it is when the graph is
 * the same object.
 */
export function sharing(head: SnapshotHead, known: readonly SnapshotHead[]): SnapshotHead {
  const graphs = head.graphs.map((graph) => {
    const same = known.flatMap((one) => one.graphs.find(({ id }) => id === graph.id) ?? [])
    return same.find((one) => one === graph || textOf(one) === textOf(graph)) ?? graph
  })
  return { ...head, graphs }
}

/** Return the reader's place in the other run: the same step and node, as far as it has them. */
export function samePlaceIn(
  page: Pick<PageState, 'head' | 'body' | 'step' | 'selected' | 'open'>,
  head: SnapshotHead,
  body: Iteration,
): Pick<PageState, 'step' | 'selected' | 'open'> {
  const { step, selected, open } = page
  const [from, to] = [page.head && graphOf(page.head, page.body ?? undefined), graphOf(head, body)]
  if (!from || !to || !page.body || from === to) return { step, selected, open }
  return {
    step: sameStep({ from, to }, page.body, body, step),
    selected: selected && sameNode(from, to, selected),
    open: null,
  }
}

/** Return the difference in the program's control flow in this iteration, as a sentence; null without one. */
export function otherWayOf(recorded: Graph | undefined, now: Graph | undefined): string | null {
  if (recorded === now || !recorded || !now) return null
  const [before, after] = [operationsOf(recorded), operationsOf(now)]
  const how = before === after ? 'other operations' : `${counted(after)} instead of ${before}`
  return `The program took another way here: ${how}. This is its graph.`
}

function counted(operations: number): string {
  return operations === 1 ? '1 operation' : `${operations} operations`
}

function operationsOf({ nodes }: Graph): number {
  return nodes.filter(({ op }) => op !== null).length
}

function textOf(graph: Graph): string {
  const known = written.get(graph)
  if (known !== undefined) return known
  const text = JSON.stringify(graph)
  written.set(graph, text)
  return text
}
