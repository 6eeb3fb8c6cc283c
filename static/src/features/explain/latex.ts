/** The server's formulas, made ready for the page: where a line may break, what is a value and what a gradient. Pure. */

import type { Element } from '../../core/contract'
import { formatNumber } from '../../core/numbers'

/** The word of the class that a part of a formula gets. */
export type Mark = 'value' | 'grad'

const NUMBER = String.raw`-?(?:\d+(?:\.\d+)?(?: \\cdot 10\^\{-?\d+\})?|\\infty|\\mathrm\{NaN\})`
/** Digits that are no numbers: in an index, a name, or text that has its class already. */
const NO_NUMBER = String.raw`_\{[^{}]*\}|\\text\{[^{}]*\}`
const PARTS = new RegExp(`(${NO_NUMBER})|(${NUMBER})`, 'g')
const UPSTREAM = '\\frac{\\partial L}{'
/** Before these a line may break. */
const TERMS = [' = ', ' + ', ' - ', ' \\approx ']
const FACTORS = [' \\cdot ']
const ITEM = ', \\; '

/** A number as the server writes it in a formula: with the digits that the page shows everywhere. */
export function texOf(x: Element): string {
  const [mantissa = '', exponent] = formatNumber(x).replaceAll('−', '-').replace('∞', '\\infty').split('e')
  if (mantissa === 'NaN') return '\\mathrm{NaN}'
  return exponent === undefined ? mantissa : `${mantissa} \\cdot 10^{${exponent}}`
}

export function mark(kind: Mark, latex: string): string {
  return `\\class{${kind}}{${latex}}`
}

/** Every ∂L/∂… of a formula as a gradient. */
export function withGradients(latex: string): string {
  let done = ''
  let rest = latex
  for (;;) {
    const at = rest.indexOf(UPSTREAM)
    if (at < 0) return done + rest
    const end = endOfGroup(rest, at + UPSTREAM.length - 1)
    done += rest.slice(0, at) + mark('grad', rest.slice(at, end))
    rest = rest.slice(end)
  }
}

/** The numbers of a formula that are among `numbers`, as a reader sees them; all of them with null. */
export function withNumbers(latex: string, kind: Mark, numbers: readonly Element[] | null): string {
  return withTexts(latex, kind, numbers?.map(texOf) ?? null)
}

/** Mark numbers by their text as it is written in formulas. */
export function withTexts(latex: string, kind: Mark, texts: readonly string[] | null): string {
  const wanted = texts && new Set(texts)
  return latex.replace(PARTS, (part: string, other?: string) => {
    if (other !== undefined) return part
    if (wanted === null || wanted.has(part)) return mark(kind, part)
    // a formula may turn the sign of what it reads
    return part.startsWith('-') && wanted.has(part.slice(1)) ? `-${mark(kind, part.slice(1))}` : part
  })
}

/** Return the last number of a formula; null when it has none. */
export function lastNumber(latex: string): string | null {
  return [...latex.matchAll(PARTS)].flatMap(([, , number]) => number ?? []).at(-1) ?? null
}

/** Return the line of the result. `symbols`: the beginning of the line. */
export function resultLine(symbols: string, result: string): string {
  return `${withGradients(symbols.split(' = ')[0] ?? '')} ${withNumbers(result, 'grad', null)}`
}

/** One product of an upstream gradient and a local derivative, as its numbers stand in a line. */
export interface Product {
  upstream: Element
  /** The local derivative with its numbers put in. */
  local: string
  /** Which of them are recorded values. */
  values: readonly Element[]
}

/** A line of products: upstream gradients as gradients, what was put into the local derivatives as values. */
export function withProducts(latex: string, products: readonly Product[]): string {
  let done = ''
  let rest = latex
  for (const { upstream, local, values } of products) {
    const number = texOf(upstream)
    const at = rest.indexOf(number)
    const from = at < 0 ? -1 : rest.indexOf(local, at + number.length)
    // a line holds the first few only
    if (from < 0) break
    done += rest.slice(0, at) + mark('grad', number) + rest.slice(at + number.length, from)
    done += withNumbers(local, 'value', values)
    rest = rest.slice(from + local.length)
  }
  return done + rest
}

/**
 * The parts of a formula between which a line may break: each begins with what joins it to the one before. The items of a list stay
 * whole, then the terms of a sum; only what is neither breaks between factors.
 */
export function piecesOf(latex: string): string[] {
  const items = splitBefore(latex, [ITEM])
  if (items.length > 1)
    return items.map((item, i) => `${item.replace(ITEM.trim(), '').trim()}${i < items.length - 1 ? ',' : ''}`)
  const terms = splitBefore(latex, TERMS)
  return terms.some((term) => term.startsWith('+ ')) ? terms : splitBefore(latex, [...TERMS, ...FACTORS])
}

/**
 * The parts of a piece that is wider than its place: its factors, the terms in its round brackets, both halves of a fraction,
 * what stands below a root, and the rows of a case distinction. They say what the piece says, on one line.
 */
export function partsOf(piece: string): string[] {
  return splitBefore(piece, FACTORS)
    .flatMap(rowsOf)
    .map(onOneLine)
    .map(rootsAsPowers)
    .flatMap((factor) => splitBefore(factor, [...TERMS, ...FACTORS, ', ', ' / '], '{'))
}

const CASES = /^(.*)\\begin\{cases\} (.*) \\end\{cases\}$/

/** The rows of a case distinction behind what stands in front of it; else the piece. */
function rowsOf(piece: string): string[] {
  const [, front = '', rows] = CASES.exec(piece) ?? []
  if (rows === undefined) return [piece]
  return [front, ...rows.split(' \\\\ ').map((row) => row.replace(' & ', ' \\quad '))].filter(
    (one) => one.trim() !== '',
  )
}

/** A fraction with its two halves beside each other; else the piece. */
function onOneLine(piece: string): string {
  const at = piece.indexOf('\\frac{')
  if (at < 0 || !JOINED.test(piece.slice(0, at))) return piece
  const middle = endOfGroup(piece, at + '\\frac'.length)
  const end = endOfGroup(piece, middle)
  if (end < piece.length) return piece
  const [above, below] = [piece.slice(at + '\\frac{'.length, middle - 1), piece.slice(middle + 1, end - 1)]
  return `${piece.slice(0, at)}${inBrackets(above)} / ${inBrackets(below)}`
}

/** Roots over several terms as powers: a line can break inside of round brackets, but not below the stroke of a root. */
function rootsAsPowers(piece: string): string {
  const at = piece.indexOf('\\sqrt{')
  if (at < 0) return piece
  const end = endOfGroup(piece, at + '\\sqrt'.length)
  const [inside, rest] = [piece.slice(at + '\\sqrt{'.length, end - 1), rootsAsPowers(piece.slice(end))]
  const root = splitBefore(inside, TERMS).length > 1 ? `(${inside})^{1/2}` : piece.slice(at, end)
  return piece.slice(0, at) + root + rest
}

/** What may stand before a fraction that is a whole piece. */
const JOINED = /^(?:(?:[=+]|-|\\cdot|\\approx)\s*)*$/

function inBrackets(latex: string): string {
  return splitBefore(latex, [...TERMS, ...FACTORS]).length > 1 ? `(${latex})` : latex
}

/** Splits outside of all groups, brackets and environments. `opening`: which signs open one that is not split. */
function splitBefore(latex: string, breaks: readonly string[], opening = '{('): string[] {
  const closing = opening === '{' ? '}' : '})'
  const pieces: string[] = []
  let [depth, start, at] = [0, 0, 0]
  while (at < latex.length) {
    // a thin space is no comma
    const may = depth === 0 && at > start && latex[at - 1] !== '\\'
    const found = may ? breaks.find((one) => latex.startsWith(one, at)) : undefined
    if (found !== undefined) {
      pieces.push(latex.slice(start, at))
      start = at
      at += found.length
      continue
    }
    if (latex.startsWith('\\left', at) && !/[a-z]/.test(latex[at + 5] ?? '')) depth += 1
    else if (latex.startsWith('\\begin{', at)) depth += 1
    else if (latex.startsWith('\\end{', at)) depth -= 1
    else if (latex.startsWith('\\right', at) && !/[a-z]/.test(latex[at + 6] ?? '')) depth -= 1
    else if (opening.includes(latex[at] ?? ' ')) depth += 1
    else if (closing.includes(latex[at] ?? ' ')) depth -= 1
    at += escaped(latex, at) ? 2 : 1
  }
  return [...pieces, latex.slice(start)].map((piece) => piece.trim()).filter((piece) => piece !== '')
}

/** Return whether the brace at `at` is escaped. */
function escaped(latex: string, at: number): boolean {
  return latex[at] === '\\' && '{}\\'.includes(latex[at + 1] ?? ' ')
}

/** The place behind the group that begins at `open`. */
function endOfGroup(latex: string, open: number): number {
  let depth = 0
  for (let at = open; at < latex.length; at += 1) {
    if (escaped(latex, at)) at += 1
    else if (latex[at] === '{') depth += 1
    else if (latex[at] === '}') depth -= 1
    if (depth === 0) return at + 1
  }
  return latex.length
}
