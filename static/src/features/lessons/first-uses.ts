/** The words of the glossary that each text of a lesson is the first to use. */

import type { GlossaryWord, Lesson } from '../../core/contract'
import { memoiseLast } from '../../core/memoise'
import type { WordFinder } from '../../core/word-finder'
import { markableText } from '../../ui/word-marks'
import { sanitise } from './sanitise'

/** Return the words by the text, as HTML, in which a reader meets them first: the opening, then each stop and what it explains. */
export const firstUses = memoiseLast((lesson: Lesson, finder: WordFinder): ReadonlyMap<string, Set<GlossaryWord>> => {
  const texts = [lesson.opening, ...lesson.stops.flatMap(({ html, explanation }) => [html, explanation?.html ?? ''])]
  const met = new Set<GlossaryWord>()
  const found = new Map<string, Set<GlossaryWord>>()
  for (const text of texts) {
    const words = finder.wordsIn(markableText(sanitise(text))).filter((word) => !met.has(word))
    for (const word of words) met.add(word)
    if (!found.has(text)) found.set(text, new Set(words))
  }
  return found
})
