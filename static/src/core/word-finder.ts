/** The words of the glossary in a text: each is found once, and the text stays what it is. Pure. */

import type { GlossaryWord } from './contract'

/** A piece of a text. `word`: the word of the glossary that it is, null for what stands between. */
export interface Segment {
  text: string
  word: GlossaryWord | null
}

export class WordFinder {
  private readonly pattern: RegExp
  private readonly byForm = new Map<string, GlossaryWord>()

  constructor(readonly words: readonly GlossaryWord[]) {
    for (const word of words) for (const form of [word.name, ...word.forms]) this.byForm.set(form.toLowerCase(), word)
    // the longest first: "chain rule" before "chain"
    const forms = [...this.byForm.keys()].sort((a, b) => b.length - a.length).map(escaped)
    this.pattern = new RegExp(`(?<![\\w.-])(?:${forms.join('|')})(?![\\w-])`, 'giu')
  }

  /** The words in a text, in their order, each once. */
  wordsIn(text: string): readonly GlossaryWord[] {
    return this.split(text, () => true).flatMap(({ word }) => word ?? [])
  }

  /** Return the text in pieces. `isWanted`: whether a word is to be marked; it is asked for the first use of each. */
  split(text: string, isWanted: (word: GlossaryWord) => boolean): Segment[] {
    const pieces: Segment[] = []
    const met = new Set<GlossaryWord>()
    let at = 0
    for (const { 0: found, index } of text.matchAll(this.pattern)) {
      const word = this.byForm.get(found.toLowerCase())
      if (word === undefined || met.has(word)) continue
      met.add(word)
      if (!isWanted(word)) continue
      if (index > at) pieces.push({ text: text.slice(at, index), word: null })
      pieces.push({ text: found, word })
      at = index + found.length
    }
    if (at < text.length) pieces.push({ text: text.slice(at), word: null })
    return pieces
  }
}

function escaped(form: string): string {
  return form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
