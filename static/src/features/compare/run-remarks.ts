/** Remarks about two runs as a whole. Pure. */

import type { SnapshotHead } from '../../core/contract'
import type { LoneStep } from '../../walk/model'
import type { ComparedRun, Counterpart } from './compared-run'

/** Return the remarks that a reader needs before they compare, the most important first. */
export function remarksOn({ first, head }: Pick<ComparedRun, 'first' | 'head'>, beside: Counterpart): string[] {
  const remarks: string[] = []
  if (first.id === head.id) remarks.push('A and B are the same run: there is no difference to find.')
  const failed = failureOf(head)
  if (failed && head.iterations.length > 0) remarks.push(`B ${failed}`)
  if (head.truncated)
    remarks.push(`B’s recording was cut (${head.truncated.reason.replace(/\.$/, '')}): what came later is not there.`)
  const [mine, others] = [first.iterations.length, head.iterations.length]
  if (beside.over && others > 0) remarks.push(`B has only ${times(others)}: it stands at the end of its last one.`)
  if (others > mine) remarks.push(`B has ${times(others)}, A ${mine}: swap them to see those that A does not have.`)
  return [...remarks, ...alone(beside)]
}

/** Return the reason why B has no picture; null when it has one. `trouble`: the reason why its numbers could not be fetched. */
export function missing(head: SnapshotHead, trouble: string | null = null): string | null {
  if (trouble !== null) return `What B has here could not be shown. ${trouble} A is here as before.`
  if (head.iterations.length > 0) return null
  const failed = failureOf(head)
  return `B ${failed?.replace(/\.?$/, '.') ?? 'made no tensors: there is nothing to draw.'} A is here as before.`
}

/** "failed in line 3: TypeError: …"; null when nothing went wrong. */
export function failureOf({ outcome }: Pick<SnapshotHead, 'outcome'>): string | null {
  const { error, status } = outcome
  if (status === 'completed' && error === null) return null
  const line = error?.line ? ` in line ${error.line}` : ''
  const what = error ? `: ${error.type}: ${error.message.split('\n')[0] ?? ''}` : '.'
  const words: Partial<Record<typeof status, string>> = {
    timed_out: 'took too long and was stopped',
    out_of_memory: 'ran out of memory',
    output_exceeded: 'printed too much and was stopped',
    crashed: 'crashed',
  }
  return `${words[status] ?? 'failed'}${line}${status === 'failed' ? what : '.'}`
}

/** "2 operations only in A (relu, linear), 1 tensor only in B (w)". */
function alone({ union, over, body }: Counterpart): string[] {
  if (over || body.steps.length === 0) return []
  const parts = (['A', 'B'] as const).flatMap((run) => {
    const ids = run === 'A' ? union.only.a : union.only.b
    const nodes = union.graph.nodes.filter(({ id }) => ids.has(id))
    if (nodes.length === 0) return []
    const names = [...new Set(nodes.map(({ op, name }) => op ?? name ?? 'a tensor'))]
    const some = names.slice(0, 4).join(', ') + (names.length > 4 ? ' …' : '')
    return [`Only in ${run}: ${some}.`]
  })
  return parts.length > 0 ? parts : []
}

/** Return the text for the run that holds still in a step of the other one: "has no such step and holds still." */
export function stillText({ elsewhere }: LoneStep): string {
  return elsewhere ? 'does this at another time and holds still.' : 'has no such step and holds still.'
}

function times(count: number): string {
  return `${count} iteration${count === 1 ? '' : 's'}`
}
