/** A check that a program looks finished, so that it can be run on change. Pure. */

import { pythonLanguage } from '@codemirror/lang-python'

/**
 * Return whether the grammar reads the text without a gap: every bracket and string is closed, every `def` has a body, no
 * operator waits for its other side. What is whole may still be wrong; what is not whole is not worth running.
 */
export function looksWhole(source: string): boolean {
  return source.trim() !== '' && gapOf(source) === null
}

/** The line, from 1, at which the grammar first finds a gap; null when the text is whole. */
export function gapOf(source: string): number | null {
  let gap: number | null = null
  pythonLanguage.parser.parse(source).iterate({
    enter: ({ type, name, from, to }) => {
      const open = name === 'String' && !isClosed(source.slice(from, to))
      if (gap === null && (type.isError || open)) gap = source.slice(0, from).trimEnd().split('\n').length
      return gap === null
    },
  })
  return gap
}

function isClosed(literal: string): boolean {
  const [, quote = ''] = /^[a-z]*('''|"""|'|")/i.exec(literal) ?? []
  const body = literal.slice(literal.indexOf(quote) + quote.length)
  return quote !== '' && body.endsWith(quote)
}
