/** Marks words of the glossary in a text of HTML. Code, links and headings are left as they are. */

import type { GlossaryWord } from '../core/contract'
import type { WordFinder } from '../core/word-finder'

/** The element that shows a definition. A feature defines it; without that feature it is plain text. */
const TAG = 'gw-word'

const LEFT_ALONE = 'a, button, code, pre, h1, h2, h3, h4'

/** Return the text of HTML that can be marked. */
export function markableText(root: ParentNode & Node): string {
  return textsIn(root)
    .map(({ data }) => data)
    .join(' ')
}

/** Marks the first use of each word for which `isWanted` says so. */
export function markWords(
  root: ParentNode & Node,
  finder: WordFinder,
  isWanted: (word: GlossaryWord) => boolean,
): void {
  const marked = new Set<GlossaryWord>()
  for (const text of textsIn(root)) {
    const pieces = finder.split(text.data, (word) => !marked.has(word) && isWanted(word))
    if (pieces.every(({ word }) => word === null)) continue
    text.replaceWith(
      ...pieces.map(({ text, word }) => {
        if (word === null) return document.createTextNode(text)
        marked.add(word)
        const element = Object.assign(document.createElement(TAG), { word, textContent: text })
        element.setAttribute('name', word.id)
        return element
      }),
    )
  }
}

function textsIn(root: ParentNode & Node): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
    if (node.parentElement?.closest(LEFT_ALONE) == null) found.push(node as Text)
  return found
}
