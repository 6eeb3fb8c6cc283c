/** Bringing another run beside the one on show. What a comparison needs is loaded with the first of them. */

import type { Client } from '../../api/client'
import { isAbort } from '../../api/errors'
import type { SnapshotHead } from '../../core/contract'
import type { Hooks } from '../../page/hooks'
import type { RunPair } from '../../page/state'
import type { ComparedRun } from './compared-run'

type Opened = { comparedRun: ComparedRun; refused: null } | { comparedRun: null; refused: string }

/** The comparisons that were opened, by the pair that the page's state holds. */
const opened = new WeakMap<RunPair, ComparedRun>()

/** Return the comparison of a pair of runs; null without one. */
export function comparedRunOf({ pair }: { pair: RunPair | null }): ComparedRun | null {
  return pair === null ? null : (opened.get(pair) ?? null)
}

/** The part of the API that a comparison needs. */
type ComparedClient = Pick<Client, 'snapshot' | 'iteration' | 'observations'>

/** Return the hook that opens the run which an address names beside the one on show. */
export function besideOf(client: ComparedClient): NonNullable<Hooks['beforeShow']> {
  return async (head, { compare }, signal) => {
    if (compare === null) return { head, source: null, pair: null, refused: null }
    const { comparedRun, refused } = await openComparedRun(client, head, compare, signal)
    if (comparedRun !== null) opened.set(comparedRun, comparedRun)
    return {
      head: comparedRun?.paired ?? head,
      source: comparedRun,
      pair: comparedRun,
      refused,
    }
  }
}

/** Open the run `id` beside `first`; where that cannot be, say why. Rejects only when `signal` is aborted. */
export async function openComparedRun(
  client: ComparedClient,
  first: SnapshotHead,
  id: string,
  signal: AbortSignal,
): Promise<Opened> {
  if (first.iterations.length === 0)
    return refused('There is nothing to compare with: the first run has made no tensors.')
  try {
    const [{ ComparedRun }, head] = await Promise.all([import('./compared-run'), client.snapshot(id, signal)])
    signal.throwIfAborted()
    return { comparedRun: new ComparedRun(first, head, client), refused: null }
  } catch (error) {
    if (isAbort(error)) throw error
    return refused(`The other run cannot be shown. ${error instanceof Error ? error.message : String(error)}`)
  }
}

function refused(why: string): Opened {
  return { comparedRun: null, refused: `${why} The first run is here as before.` }
}
