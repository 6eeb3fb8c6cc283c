/** The state of the page as an address: the same link shows the same step to everyone. Pure. */

import { type Breakpoints, NO_BREAKPOINTS, parseBreakpoints } from '../walk/breakpoints'

/**
 * The content of an address. `step` and `iteration` count from 0 here; the address counts steps from 1, as the page does.
 * Null: the address does not say.
 */
export interface Place {
  lesson: string | null
  /** The stop of the lesson that the reader is at, from 1; null at its opening. */
  stop: number | null
  /** Set when the snapshot is not the lesson's own. */
  snapshot: string | null
  iteration: number | null
  step: number | null
  node: string | null
  /** Ids of the folds that are open: groups, and what the page folds by itself. */
  open: readonly string[] | null
  /** True if the training over time is open; null: as the reader left it. */
  training: true | null
  /** The id of the run that stands beside the one on show. */
  compare: string | null
  breakpoints: Breakpoints
  /** The seed of the questions that the walk stops for; null: it stops for none. */
  predict: number | null
  /** The parameters of features, by name. */
  parameters?: Readonly<Record<string, string>>
}

export const NOWHERE: Place = {
  lesson: null,
  stop: null,
  snapshot: null,
  iteration: null,
  step: null,
  node: null,
  open: null,
  training: null,
  compare: null,
  breakpoints: NO_BREAKPOINTS,
  predict: null,
}

/** More open groups than an address should carry: a link to such a picture shows it as it opens by itself. */
const MOST_OPEN = 150

/** The parameters that stand for the place itself. */
const OWN: ReadonlySet<string> = new Set([
  'lesson',
  'stop',
  'step',
  'iteration',
  'node',
  'open',
  'training',
  'compare',
  'break',
  'predict',
])

/** Reads an address; what makes no sense in it is as if it were not there. */
export function parsePlace(url: URL): Place {
  const [room, name] = url.pathname.split('/').filter(Boolean)
  const query = url.searchParams
  const [step, stop] = [wholeNumber(query.get('step')), wholeNumber(query.get('stop'))]
  const others = [...query].filter(([name]) => !OWN.has(name))
  return {
    lesson: room === 'lessons' ? (name ?? null) : matching(query.get('lesson'), /^[\w-]+$/),
    stop: stop === 0 ? null : stop,
    snapshot: room === 's' ? (name ?? null) : null,
    iteration: wholeNumber(query.get('iteration')),
    step: step === null || step === 0 ? null : step - 1,
    node: matching(query.get('node'), /^n\d+$/),
    open: parseGroups(query.get('open')),
    training: query.get('training') === '1' ? true : null,
    compare: matching(query.get('compare'), /^[\w-]+$/),
    breakpoints: parseBreakpoints(query.get('break')),
    predict: wholeNumber(query.get('predict')),
    ...(others.length > 0 && { parameters: Object.fromEntries(others) }),
  }
}

/** The path and query of a place: `/lessons/neuron?stop=3&step=7&iteration=0&node=n4`, `/s/ID?lesson=neuron&step=7`. */
export function formatPlace(place: Place): string {
  const query: string[] = []
  if (place.snapshot !== null && place.lesson !== null) query.push(`lesson=${encodeURIComponent(place.lesson)}`)
  if (place.stop !== null) query.push(`stop=${place.stop}`)
  if (place.step !== null) query.push(`step=${place.step + 1}`)
  if (place.iteration !== null) query.push(`iteration=${place.iteration}`)
  if (place.node !== null) query.push(`node=${place.node}`)
  if (place.compare !== null) query.push(`compare=${place.compare}`)
  if (place.open !== null && place.open.length <= MOST_OPEN) query.push(`open=${place.open.join(',')}`)
  if (place.training) query.push('training=1')
  if (place.breakpoints.length > 0) query.push(`break=${place.breakpoints.join(',')}`)
  if (place.predict !== null) query.push(`predict=${place.predict}`)
  for (const [name, text] of Object.entries(place.parameters ?? {})) query.push(`${name}=${encodeURIComponent(text)}`)
  return query.length === 0 ? pathOf(place) : `${pathOf(place)}?${query.join('&')}`
}

function pathOf(place: Place): string {
  if (place.snapshot !== null) return `/s/${encodeURIComponent(place.snapshot)}`
  return place.lesson === null ? '/' : `/lessons/${encodeURIComponent(place.lesson)}`
}

function parseGroups(text: string | null): readonly string[] | null {
  if (text === null) return null
  return text.split(',').filter((id) => /^[gf]\d+$/.test(id))
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null
}

function matching(text: string | null, pattern: RegExp): string | null {
  return text !== null && pattern.test(text) ? text : null
}
