/**
 * The neighbours of a card, to which the arrow keys lead: → to a card that it flows into, ← to one that it comes from, ↑ and ↓ to those
 * beside it. Pure.
 *
 * The graph is one stop of the Tab key: with a hundred cards, a stop for each would bury the rest of the page. It is no tree and no
 * list, so none of the patterns of the ARIA practices fits, and its keys are its own: role "application", with roving tabindex,
 * a name for every card that is complete by itself, and the same content as text, one key or one Tab away (reading/).
 */

import type { Rectangle } from '../geometry'
import type { View } from './graph-view'
import type { Layout } from './layout'

export type Way = 'forth' | 'back' | 'up' | 'down' | 'first' | 'last'

export const WAYS: Readonly<Record<string, Way>> = {
  ArrowRight: 'forth',
  ArrowLeft: 'back',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
}

/** The height of a room's title, which is the part of an open room that can have the focus. */
const TITLE = 28
/** The factor by which a distance to the side counts more than one straight up or down. */
const ASIDE = 2

export interface Ground {
  view: Pick<View, 'cards' | 'wires' | 'rooms'>
  layout: Pick<Layout, 'cards' | 'rooms'>
  /** The card of the loss. */
  loss: string | null
}

/** Return the card or the room (by its title) that a key leads to; null when there is none that way. */
export function leadsTo(ground: Ground, from: string, way: Way): string | null {
  const { view } = ground
  if (way === 'first') return (view.cards.find((card) => card.leaf) ?? view.cards[0])?.id ?? null
  if (way === 'last') return ground.loss ?? view.cards.at(-1)?.id ?? null
  if (way === 'up' || way === 'down') return beside(ground, from, way)
  const room = view.rooms.find(({ id }) => id === from)
  if (room !== undefined) return way === 'back' ? room.parent : firstIn(ground, from)
  // the key leads to the first argument or use; ↑ and ↓ lead to the others, which share an end with it
  if (way === 'forth') return view.wires.find(({ source }) => source === from)?.target ?? null
  return view.wires.find(({ target }) => target === from)?.source ?? null
}

/** Return the leftmost card of a room. */
function firstIn({ view, layout }: Ground, room: string): string | null {
  const parents = new Map(view.rooms.map(({ id, parent }) => [id, parent]))
  const within = (at: string | null): boolean => at !== null && (at === room || within(parents.get(at) ?? null))
  const inside = view.cards.filter((card) => within(card.room))
  const left = (id: string) => layout.cards.get(id)?.x ?? 0
  return inside.reduce<string | null>((best, { id }) => (best === null || left(id) < left(best) ? id : best), null)
}

/** Return the nearest card above or below, among those that share an end of an edge with it if there are any that way, else among all. */
function beside(ground: Ground, from: string, way: 'up' | 'down'): string | null {
  const { view } = ground
  const here = boxOf(ground, from)
  if (here === null) return null
  const lies = (id: string) => {
    const box = boxOf(ground, id)
    const distance = box === null ? 0 : middle(box).y - middle(here).y
    return id !== from && (way === 'up' ? distance < -1 : distance > 1)
  }
  const [sources, targets] = [new Set<string>(), new Set<string>()]
  for (const { source, target } of view.wires) {
    if (target === from) sources.add(source)
    if (source === from) targets.add(target)
  }
  const kin = view.wires.flatMap(({ source, target }) => [
    ...(sources.has(source) ? [target] : []),
    ...(targets.has(target) ? [source] : []),
  ])
  const all = [...view.cards, ...view.rooms].map(({ id }) => id)
  return nearest(ground, from, kin.filter(lies)) ?? nearest(ground, from, all.filter(lies))
}

function nearest(ground: Ground, from: string, ids: readonly string[]): string | null {
  const here = boxOf(ground, from)
  let [best, least] = [null as string | null, Number.POSITIVE_INFINITY]
  for (const id of ids) {
    const box = boxOf(ground, id)
    if (box === null || here === null) continue
    const far = Math.abs(middle(box).y - middle(here).y) + ASIDE * gap(box, here)
    if (far < least) [best, least] = [id, far]
  }
  return best
}

/** Return the horizontal space between two boxes: 0 when one stands over the other. */
function gap(a: Rectangle, b: Rectangle): number {
  return Math.max(0, a.x - b.x - b.width, b.x - a.x - a.width)
}

/** Return the rectangle of a stop: of a card, or of the title of a room. */
export function boxOf({ layout }: Pick<Ground, 'layout'>, id: string): Rectangle | null {
  const room = layout.rooms.get(id)
  return (
    layout.cards.get(id) ?? (room === undefined ? null : { ...room, width: Math.min(room.width, 160), height: TITLE })
  )
}

function middle({ x, y, width, height }: Rectangle) {
  return { x: x + width / 2, y: y + height / 2 }
}
