/** Search of nodes by a text. Pure. */

import type { Graph, Node } from '../core/contract'
import { labelOf } from '../core/labels'

const MOST = 50

/**
 * The nodes that match `text`, best first: by name, then by operation, then by any part; "line 12" or "12" by line.
 * No text matches all. At most 50.
 */
export function findNodes(graph: Graph, text: string): Node[] {
  const wanted = text.trim().toLowerCase()
  const line = /^(?:line\s*)?(\d+)$/.exec(wanted)?.[1]
  const ranked = graph.nodes.map((node) => ({ node, rank: rankOf(graph, node, wanted, line) }))
  return ranked
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ node }) => node)
}

function rankOf(graph: Graph, node: Node, wanted: string, line: string | undefined): number {
  if (line !== undefined) return node.line === Number(line) ? 0 : Number.POSITIVE_INFINITY
  const names = [node.name, node.op, labelOf(graph, node.id)].map((name) => (name ?? '').toLowerCase())
  const rank = (test: (name: string) => boolean, base: number) => {
    const at = names.findIndex((name) => name !== '' && test(name))
    return at === -1 ? Number.POSITIVE_INFINITY : base + at
  }
  return Math.min(
    rank((name) => name === wanted, 0),
    rank((name) => name.startsWith(wanted), 3),
    rank((name) => name.includes(wanted), 6),
  )
}
