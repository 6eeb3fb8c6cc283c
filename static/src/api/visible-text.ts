/**
 * Makes visible what a program could hide in its texts: control characters, which a terminal obeys, and the characters
 * that turn the direction of writing round, so that a name reads like another one.
 */

/** All control characters but line feed, tab and carriage return, and without the two joiners, which scripts and emoji need. */
const HIDDEN = /(?![\n\t\r\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/u
const EVERY_HIDDEN = new RegExp(HIDDEN, 'gu')
const ESCAPED_IN_JSON = /\\([bf]|u00[01]|u007f)/i

/** Fields whose text is edited and run again: they stay as they are, and the editor makes them visible itself. */
const KEPT: ReadonlySet<string> = new Set(['source'])

const FIRST_PICTURE = 0x2400
const DELETE = 0x7f
const PICTURE_OF_DELETE = '␡'

/** The JSON document of `text`; what its texts and names hide stands there as a picture or as "⟨U+202E⟩". */
export function parseVisibly(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return ESCAPED_IN_JSON.test(text) || HIDDEN.test(text) ? shown(value) : value
}

/** A text with nothing hidden in it. */
export function visible(text: string): string {
  return text.replace(EVERY_HIDDEN, pictured)
}

function pictured(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCharCode(FIRST_PICTURE + code)
  if (code === DELETE) return PICTURE_OF_DELETE
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return visible(value)
  if (Array.isArray(value)) return typeof value[0] === 'number' ? value : value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [visible(key), KEPT.has(key) ? one : shown(one)] as const)
  return Object.fromEntries(entries)
}
