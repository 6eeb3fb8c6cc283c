/** The words of the glossary that fit what was typed. Pure. */

import type { GlossaryWord } from '../../core/contract'

/** Return the words whose name or form begins with the text, then those that hold it, then those whose definition does. */
export function matching(words: readonly GlossaryWord[], typed: string): readonly GlossaryWord[] {
  const text = typed.trim().toLowerCase()
  if (text === '') return words
  const rankOf = ({ name, forms, definition }: GlossaryWord) => {
    const names = [name, ...forms].map((one) => one.toLowerCase())
    if (names.some((one) => one.startsWith(text))) return 0
    if (names.some((one) => one.includes(text))) return 1
    return definition.toLowerCase().includes(text) ? 2 : 3
  }
  return words
    .map((word) => ({ word, rank: rankOf(word) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ word }) => word)
}
