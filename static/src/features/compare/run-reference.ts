/** References to a run that a reader can type: its link or its id. Pure. */

import { parsePlace } from '../../page/url'

/** The run of a link or an id; null when the text is neither. A lesson's link means the lesson's own run. */
export function referenceOf(text: string): { show: string } | { lesson: string } | null {
  const wanted = text.trim()
  // of at least 128 random bits
  if (/^[\w-]{20,64}$/.test(wanted)) return { show: wanted }
  try {
    const { snapshot, lesson } = parsePlace(new URL(wanted))
    if (snapshot !== null) return { show: snapshot }
    return lesson === null ? null : { lesson }
  } catch {
    return null
  }
}
