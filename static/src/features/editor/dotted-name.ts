/** The dotted name at a place of a line. Pure. */

export interface Word {
  /** "net.fc1" when the place is in `fc1` of net.fc1.weight. */
  name: string
  /** The beginning and the end of the name in the line. */
  from: number
  to: number
}

const NAME = /[\p{L}_][\p{L}\w]*(?:\s*\.\s*[\p{L}_][\p{L}\w]*)*/gu

/** The name at `column`, from 0, up to the part that the place is in; null between names. */
export function wordAt(line: string, column: number): Word | null {
  for (const match of line.matchAll(NAME)) {
    const [from, to] = [match.index, match.index + match[0].length]
    if (column < from || column > to) continue
    // what follows a call or an index is nobody's name: f(x).mean
    if (/[.\w]\s*$/.test(line.slice(0, from)) && /\.\s*$/.test(line.slice(0, from))) return null
    const rest = /^[\p{L}\w]*/u.exec(line.slice(column))?.[0].length ?? 0
    return { name: line.slice(from, column + rest).replace(/\s/g, ''), from, to: column + rest }
  }
  return null
}
