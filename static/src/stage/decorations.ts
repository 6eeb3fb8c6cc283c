/**
 * Decorations: the one way to mark nodes and edges on the stage. Pure.
 *
 * A feature makes them as a plain value that never changes, and the stage draws them, whichever altitude it shows. The ids are those
 * of the graph; what happens to marks inside a closed group is up to the altitude.
 */

import { type Severity, worse } from '../core/severity'

export interface Decorations {
  readonly nodes: ReadonlyMap<string, NodeMarks>
  readonly edges: ReadonlyMap<string, EdgeMarks>
}

export interface NodeMarks {
  /** Playing stops here. */
  readonly isBreakpoint?: boolean
  /** The severity of the worst finding here. */
  readonly severity?: Severity
  readonly question?: QuestionRole
  readonly presence?: Presence
  /** Short texts beyond the numbers of the node. */
  readonly badges?: readonly Badge[]
}

export interface EdgeMarks {
  readonly presence?: Presence['kind']
}

/** The part of a node in an open question: it can be chosen, it is chosen, or the question is about it. */
export type QuestionRole = 'choice' | 'ticked' | 'asked'

/** Only one of two compared runs has the node: the one that is drawn here (`alone`), or the other one (`absent`). */
export interface Presence {
  readonly kind: 'alone' | 'absent'
  /** The same in words, which can follow a number: "only in B". */
  readonly text: string
}

export interface Badge {
  /** The number that the badge is about. */
  readonly kind: 'value' | 'gradient'
  /** The output of the node that the number belongs to, from 0. */
  readonly output: number
  readonly text: string
  /** True when the badge only says that there is nothing to see. */
  readonly isQuiet: boolean
  /** The text for a screen reader. */
  readonly label: string
}

export const UNDECORATED: Decorations = { nodes: new Map(), edges: new Map() }

/** Return decorations of nodes alone. */
export function nodeDecorations(entries: Iterable<readonly [string, NodeMarks]>): Decorations {
  return { nodes: new Map(entries), edges: UNDECORATED.edges }
}

/** Return all marks of several decorations. Of two marks that exclude each other the first one counts, of two severities the worse. */
export function mergeDecorations(all: readonly Decorations[]): Decorations {
  const decorated = all.filter(({ nodes, edges }) => nodes.size + edges.size > 0)
  const [only, another] = decorated
  if (only === undefined) return UNDECORATED
  if (another === undefined) return only
  const nodes = new Map<string, NodeMarks>()
  const edges = new Map<string, EdgeMarks>()
  for (const one of decorated) {
    for (const [id, marks] of one.nodes) nodes.set(id, bothMarks(nodes.get(id), marks))
    for (const [id, marks] of one.edges) edges.set(id, { ...marks, ...edges.get(id) })
  }
  return { nodes, edges }
}

function bothMarks(first: NodeMarks | undefined, second: NodeMarks): NodeMarks {
  if (first === undefined) return second
  const badges = [...(first.badges ?? []), ...(second.badges ?? [])]
  const severity = second.severity === undefined ? first.severity : worse(first.severity, second.severity)
  return {
    ...second,
    ...first,
    ...(severity && { severity }),
    ...(badges.length > 0 && { badges }),
  }
}
