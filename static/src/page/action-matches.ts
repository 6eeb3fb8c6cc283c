/** Finding actions by what is typed. Pure. */

import type { Action } from './actions'

/** The actions in whose words all typed words begin something; those whose label begins so first. */
export function findActions(actions: readonly Action[], typed: string): readonly Action[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const found = actions.filter((action) => wanted.every((word) => wordsOf(action).some((one) => one.startsWith(word))))
  const first = typed.trim().toLowerCase()
  const begins = ({ label }: Action) => label.toLowerCase().startsWith(first)
  return [...found.filter(begins), ...found.filter((one) => !begins(one))]
}

function wordsOf({ label, group, shown, row }: Action): string[] {
  return `${label} ${group} ${shown} ${row?.does ?? ''}`.toLowerCase().split(/[^\p{L}\p{N}?[\]/]+/u)
}
