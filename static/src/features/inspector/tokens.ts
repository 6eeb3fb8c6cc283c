/** The tokens that a program calls by their name: what stands at the places of a text. Pure. */

const STRING = String.raw`"[^"\\\n]*"|'[^'\\\n]*'`
const TOKENS = new RegExp(
  String.raw`^(?:tokens|words|letters|characters)\s*=\s*(?:list\((?<list>${STRING}|\w+)\)|(?<split>${STRING}|\w+)\.split\(\)|\[(?<items>[^\]]*)\])\s*(?:#.*)?$`,
  'gm',
)

/**
 * The names of `count` places, when the program writes them down: a variable `tokens`, `words`, `letters` or `characters` that is a list
 * of strings, a string's `list(...)` or its `.split()`. A text has one token more than places where each is to predict the next one.
 */
export function namesFor(source: string, count: number): string[] | null {
  for (const { groups } of source.matchAll(TOKENS)) {
    const names = tokensOf(source, groups ?? {})
    if (names !== null && (names.length === count || names.length === count + 1)) return names.slice(0, count)
  }
  return null
}

function tokensOf(source: string, { list, split, items }: Record<string, string | undefined>): string[] | null {
  if (items !== undefined) return [...items.matchAll(new RegExp(STRING, 'g'))].map(([text]) => text.slice(1, -1))
  const text = textOf(source, list ?? split ?? '')
  if (text === null) return null
  return list === undefined ? text.split(/\s+/).filter(Boolean) : [...text]
}

/** Return the text of a string literal, or of a variable that holds one. */
function textOf(source: string, written: string): string | null {
  if (/^["']/.test(written)) return written.slice(1, -1)
  const found = new RegExp(String.raw`^${written}\s*=\s*(${STRING})\s*(?:#.*)?$`, 'm').exec(source)
  return found?.[1]?.slice(1, -1) ?? null
}

/** A token as a label: a space is seen. */
export function labelFor(token: string): string {
  return token.trim() === '' ? '␣' : token
}
