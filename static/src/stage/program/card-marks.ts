/** The decorations of nodes and edges, as the cards and wires of a view bear them. Pure. */

import { type Severity, worse } from '../../core/severity'
import type { Badge, Decorations, Presence, QuestionRole } from '../decorations'
import { outputOf } from './card-facts'
import type { Card, View } from './graph-view'

export interface Marks {
  readonly cards: ReadonlyMap<string, CardMarks>
  /** The presence of each wire whose edges all have the same one. */
  readonly wires: ReadonlyMap<string, Presence['kind']>
}

export interface CardMarks {
  readonly isBreakpoint: boolean
  readonly severity: Severity | null
  readonly question: QuestionRole | null
  /** The presence that all nodes of the card have. */
  readonly presence: Presence | null
  /** The number of nodes in a closed group that only one run has, when others are in both: "2 only in B". Empty without any. */
  readonly tally: string
  /** The badges of the tensor that the card shows. */
  readonly badges: readonly Badge[]
}

export const UNMARKED: CardMarks = {
  isBreakpoint: false,
  severity: null,
  question: null,
  presence: null,
  tally: '',
  badges: [],
}

/** Return the marks of every card and wire that has any. */
export function marksOn({ cards, wires, holders, graph }: View, { nodes, edges }: Decorations): Marks {
  const found = new Map<string, CardMarks>()
  if (nodes.size > 0) {
    const members = new Map<string, string[]>()
    for (const { id } of graph.nodes) {
      const card = holders.get(id) ?? id
      const row = members.get(card)
      if (row === undefined) members.set(card, [id])
      else row.push(id)
    }
    for (const card of cards) {
      const marks = marksOfCard(card, members.get(card.id) ?? [], nodes)
      if (marks !== null) found.set(card.id, marks)
    }
  }
  const presences = new Map<string, Presence['kind']>()
  for (const wire of edges.size > 0 ? wires : []) {
    const [first, ...others] = wire.edges.map((edge) => edges.get(edge)?.presence)
    if (first !== undefined && others.every((one) => one === first)) presences.set(wire.id, first)
  }
  return { cards: found, wires: presences }
}

function marksOfCard(card: Card, members: readonly string[], nodes: Decorations['nodes']): CardMarks | null {
  const all = members.flatMap((id) => nodes.get(id) ?? [])
  if (all.length === 0) return null
  let severity: Severity | null = null
  for (const one of all) if (one.severity !== undefined) severity = worse(severity ?? undefined, one.severity)
  const counts = new Map<string, number>()
  for (const { presence } of all) if (presence) counts.set(presence.text, (counts.get(presence.text) ?? 0) + 1)
  const common = [...counts.values()].includes(members.length)
  const shown = outputOf(card)
  return {
    isBreakpoint: all.some((one) => one.isBreakpoint === true),
    severity,
    // a question is about one node: a closed group is no answer
    question: (card.fold === null && nodes.get(card.id)?.question) || null,
    presence: (common && all[0]?.presence) || null,
    tally: common ? '' : tallyOf(counts),
    badges: (shown && nodes.get(shown.node)?.badges?.filter(({ output }) => output === shown.output)) ?? [],
  }
}

function tallyOf(counts: ReadonlyMap<string, number>): string {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
  return rows.map(([text, count]) => `${count} ${text}`).join(', ')
}

/** Tell whether two cards bear the same marks. */
export function sameMarks(a: CardMarks, b: CardMarks): boolean {
  return (
    a.isBreakpoint === b.isBreakpoint &&
    a.severity === b.severity &&
    a.question === b.question &&
    a.presence?.text === b.presence?.text &&
    a.presence?.kind === b.presence?.kind &&
    a.tally === b.tally &&
    describe(a) === describe(b)
  )
}

/** The end of a card's name for a screen reader. */
export function spokenMarks({ isBreakpoint, severity }: CardMarks): string {
  return `${isBreakpoint ? ', breakpoint' : ''}${severity === null ? '' : `, finding: ${severity}`}`
}

/** The description of a card for a screen reader: all that its badges say. */
export function describe({ badges, presence, tally }: CardMarks): string {
  return [...badges.map(({ label }) => label), presence?.text ?? '', tally].filter((text) => text !== '').join(', ')
}
