/** Lists of changes: adding to them, saying them, sending them. Pure. */

import type { RunSetting } from '../../core/contract'
import { formatNumber } from '../../core/numbers'
import { rounded } from './dtype-rounding'
import type { Change } from './what-if-state'

type Override = RunSetting['overrides'][number]
type Cell = Pick<Change, 'name' | 'index'>

/** Letters that a list is said with; one change is always said. */
const ROOM = 30

/** The list with this change in it; a number that is the recorded one again is no change. */
export function withChange(changes: readonly Change[], change: Change): readonly Change[] {
  const same = changes.findIndex((one) => isSame(one, change))
  const back = rounded(change.value, change.dtype) === rounded(change.recorded, change.dtype)
  if (same === -1) return back ? changes : [...changes, change]
  return back ? changes.filter((_, i) => i !== same) : changes.map((one, i) => (i === same ? change : one))
}

export function isSame(a: Cell, b: Cell): boolean {
  return a.name === b.name && a.index.join() === b.index.join()
}

/** Return whether two lists of changes give the same run. */
export function areSame(a: readonly Change[], b: readonly Change[]): boolean {
  return a.length === b.length && a.every((one) => b.some((other) => isSame(one, other) && one.value === other.value))
}

/** By how much the program's number changed, as its dtype holds it. */
export function deltaOf({ value, recorded, dtype }: Change): number {
  return rounded(value, dtype) - rounded(recorded, dtype)
}

/** Return the overrides of a run: those of the recorded run, and the changes. */
export function overridesOf(before: readonly Override[], changes: readonly Change[]): Override[] {
  const kept = before.filter((one) => !changes.some((change) => isSame(one, change)))
  return [...kept, ...changes.map(({ name, index, value }) => ({ name, index: [...index], value }))]
}

/** "w = 2.31 (recorded 2.2)", "w = 2.31, b = 0.5 and 3 more". */
export function changesText(changes: readonly Change[]): string {
  const [only, ...others] = changes
  if (only === undefined) return ''
  if (others.length === 0) return `${only.label} = ${numberText(only.value)} (recorded ${numberText(only.recorded)})`
  return listText(changes.map(({ label, value }) => `${label} = ${numberText(value)}`))
}

/** The overrides of a run that was kept, as a reader says them: "w = 2.31". */
export function overridesText(overrides: readonly Override[]): string {
  return listText(
    overrides.map(({ name, index, value }) => {
      const at = index.every((i) => i === 0) && index.length < 2 ? '' : `[${index.join(', ')}]`
      return `${name}${at} = ${numberText(value)}`
    }),
  )
}

function listText(all: readonly string[]): string {
  let count = 1
  while (count < all.length && all.slice(0, count + 1).join(', ').length <= ROOM) count += 1
  const more = all.length - count
  return all.slice(0, count).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** A number that is dragged: every digit that the drag changes can be seen. */
export function numberText(x: number): string {
  return formatNumber(x, 5)
}

/** Return a change with its sign, also a plus. */
export function signedText(x: number): string {
  return x > 0 ? `+${formatNumber(x)}` : formatNumber(x)
}
