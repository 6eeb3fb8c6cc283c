/** What is marked at the cards of the stage beside their numbers: where playing stops, and what goes wrong. Pure. */

import { type Severity, worse } from '../../core/severity'

/** By nodes. Whatever else is among the stops is no node. */
export interface Marked {
  stops: readonly string[]
  findings: ReadonlyMap<string, Severity>
}

/** The same by cards: a closed one has what is marked inside. */
export interface MarkedCards {
  stops: ReadonlySet<string>
  findings: ReadonlyMap<string, Severity>
}

export const UNMARKED: Marked = { stops: [], findings: new Map() }

/** `cardOf`: the card that stands for a node; null when there is none. */
export function onCards({ stops, findings }: Marked, cardOf: (node: string) => string | null): MarkedCards {
  const found = new Map<string, Severity>()
  for (const [node, severity] of findings) {
    const card = cardOf(node)
    if (card !== null) found.set(card, worse(found.get(card), severity))
  }
  return { stops: new Set(stops.flatMap((node) => cardOf(node) ?? [])), findings: found }
}

/** Whether the same cards are marked. */
export function sameMarks(a: MarkedCards, b: MarkedCards): boolean {
  const same = a.stops.size === b.stops.size && a.findings.size === b.findings.size
  return (
    same &&
    [...a.stops].every((one) => b.stops.has(one)) &&
    [...a.findings].every(([card, severity]) => b.findings.get(card) === severity)
  )
}
