/** Labels of the two runs of a comparison: the difference between them. Pure. */

import type { SnapshotHead } from '../../core/contract'
import { changesBetween } from './line-changes'
import { type Variable, variableIn } from './literals'

type Program = SnapshotHead['program']

/** "seed 0" and "seed 1"; "lr 0.1" and "lr 0.5"; "SGD" and "Adam"; "this run" and "2 lines changed". */
export function labelsOf(a: Program, b: Program): { a: string; b: string } {
  const [one, other] = [variableIn(a.source), variableIn(b.source)]
  const [text, changed] = [masked(a.source, one), masked(b.source, other)]
  if (text === changed) {
    const [names, others] = [one, other].map(({ optimizers }) => optimizers.map(({ name }) => name).join(', ')) as [
      string,
      string,
    ]
    const labels = [
      pair('', names, others),
      rates(one, other),
      pair('seed ', seedOf(a, one), seedOf(b, other)),
      pair('', overrides(a), overrides(b)),
    ].filter((label) => label !== null)
    if (labels.length > 0) return { a: labels.map((l) => l.a).join(', '), b: labels.map((l) => l.b).join(', ') }
    return { a: 'this run', b: a.source === b.source ? 'the same program' : 'almost the same program' }
  }
  const lines = changesBetween(a.source, b.source).filter(({ kind }) => kind === 'added').length
  return { a: 'this run', b: lines === 0 ? 'lines left out' : `${lines} line${lines === 1 ? '' : 's'} changed` }
}

/** The text without what can be varied: what is left is equal when nothing else was changed. */
function masked(source: string, { seeds, rates, optimizers }: Variable): string {
  const places = [...optimizers.map(({ from, to }) => ({ from, to, by: '#optimizer' }))]
  const inside = (at: number) => optimizers.some(({ from, to }) => from <= at && at < to)
  for (const { from, to } of [...seeds, ...rates]) if (!inside(from)) places.push({ from, to, by: '#number' })
  const last = places.sort((x, y) => y.from - x.from)
  return last.reduce((text, { from, to, by }) => text.slice(0, from) + by + text.slice(to), source)
}

function pair(before: string, a: string, b: string): { a: string; b: string } | null {
  return a === b ? null : { a: before + a, b: before + b }
}

function rates(a: Variable, b: Variable): { a: string; b: string } | null {
  const changed = a.rates.findIndex(({ text }, i) => b.rates[i]?.text !== text)
  if (changed === -1) return null
  return pair('lr ', a.rates[changed]?.text ?? '–', b.rates[changed]?.text ?? '–')
}

/** The seed that counts: a program may set its own. */
function seedOf({ seed }: Program, { seeds }: Variable): string {
  return seeds[0]?.text ?? String(seed)
}

function overrides({ overrides }: Program): string {
  if (!overrides || overrides.length === 0) return 'as written'
  return overrides
    .map(({ name, index, value }) => `${name}${index.length > 0 ? `[${index.join(', ')}]` : ''} = ${value}`)
    .join(', ')
}
