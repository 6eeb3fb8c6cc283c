/** The place that the end of a player's address names: `step=7&iteration=0&node=n4`. Pure. */

import { formatPlace, type Place, parsePlace } from '../page/url'

/** Reads what stands after `?` or `#`. */
export function placeFromText(text: string): Place {
  return { ...parsePlace(new URL(`http://player/?${text}`)), lesson: null, snapshot: null }
}

/** Writes it. */
export function textOf(place: Place): string {
  return formatPlace({ ...place, lesson: null, snapshot: null }).replace(/^\/\??/, '')
}
