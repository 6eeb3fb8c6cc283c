/** The choice of which folds are open: at the start, on the way to a node, or all of them. Pure. */

import type { Fold, Folds } from './folds'
import { type View, viewOf } from './graph-view'

/** The most cards that are shown at once: more could be neither read nor moved smoothly. */
export const MOST_CARDS = 1000
/** The number of views that are tried until the start is decided: fewer when each takes long, for the page must open soon. */
const LOOKS = { most: 40, least: 8, nodes: 40_000 }

/** A program of at most so many nodes is shown with all folds open, if it can be shown whole. */
const FEW = 60

/**
 * The sizes up to which a drawing can be read, or shown whole, on the stage of a small projector beside the usual panels. Letters can be
 * read from 11 pixels on, which are 14 units of the plane.
 */
const SIZES: readonly [Size, number, number][] = [
  ['read', 743, 575],
  ['shown', 895, 690],
]

/** How much of a view can be seen at once: it can be `read` from the last row, is `shown` a little smaller, or is `cut`. */
export type Size = 'read' | 'shown' | 'cut'

/** Return how much of a drawing of this size can be seen at once. */
export function seenSize({ width, height }: { width: number; height: number }): Size {
  return SIZES.find(([, widest, highest]) => width <= widest && height <= highest)?.[0] ?? 'cut'
}

/**
 * Return the folds that are open until the reader chooses: all of a small program, if it can be shown. Otherwise, from the outside
 * inwards, every fold with which the drawing can still be read, first those on the way to `wanted` (a node that failed).
 */
export function openAtStart(folds: Folds, sizeOf: (view: View) => Size, wanted: string | null): Set<string> {
  const all = new Set(folds.folds.keys())
  if (folds.home.size <= FEW && sizeOf(viewOf(folds, all)) !== 'cut') return all
  const open = new Set<string>(wanted === null ? [] : wayTo(folds, wanted))
  const most = Math.max(LOOKS.least, Math.min(LOOKS.most, LOOKS.nodes / folds.home.size))
  let looks = 0
  for (let level: readonly Fold[] = closedIn(folds, open); level.length > 0; ) {
    let opened = false
    for (const fold of level) {
      looks += 1
      if (looks > most) return open
      open.add(fold.id)
      if (sizeOf(viewOf(folds, open)) === 'read') opened = true
      else open.delete(fold.id)
    }
    const refused = new Set(level.map((fold) => fold.id))
    level = opened ? closedIn(folds, open).filter((fold) => !refused.has(fold.id)) : []
  }
  return open
}

/** Return the closed folds that say more when they are open: not those that open to nothing but numbered parts. */
function closedIn(folds: Folds, open: ReadonlySet<string>): Fold[] {
  const numbered = new Set<string | null>()
  for (const { kind, parent } of folds.folds.values()) if (kind === 'part') numbered.add(parent)
  const closed = viewOf(folds, open).cards.flatMap((card) => card.fold ?? [])
  return closed.filter((fold) => fold.kind !== 'leaves' && !numbered.has(fold.id))
}

/** Return the folds around a node, the outermost first. */
export function wayTo({ folds, home }: Folds, node: string): string[] {
  const way: string[] = []
  for (let at = home.get(node) ?? null; at !== null; at = folds.get(at)?.parent ?? null) way.unshift(at)
  return way
}

/** Return all folds, or as many as `MOST_CARDS` allow, from the outside inwards. */
export function openAll(folds: Folds): { open: Set<string>; all: boolean } {
  const inside = new Map<string | null, number>()
  for (const home of folds.home.values()) inside.set(home, (inside.get(home) ?? 0) + 1)
  for (const { parent } of folds.folds.values()) inside.set(parent, (inside.get(parent) ?? 0) + 1)
  const open = new Set<string>()
  let cards = inside.get(null) ?? 0
  let level = childrenOf(folds, new Set([null]))
  while (level.length > 0) {
    for (const { id } of level) {
      const more = (inside.get(id) ?? 0) - 1
      if (cards + more > MOST_CARDS) return { open, all: false }
      cards += more
      open.add(id)
    }
    level = childrenOf(folds, new Set(level.map((fold) => fold.id)))
  }
  return { open, all: true }
}

function childrenOf({ folds }: Folds, parents: ReadonlySet<string | null>): Fold[] {
  return [...folds.values()].filter((fold) => parents.has(fold.parent))
}
