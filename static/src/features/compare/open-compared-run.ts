/** Bringing another run beside the one on show. What a comparison needs is loaded with the first of them. */

import type { Client } from '../../api/client'
import { isAbort } from '../../api/errors'
import type { SnapshotHead } from '../../core/contract'
import type { Rival } from './compared-run'

export type Opened = { rival: Rival; refused: null } | { rival: null; refused: string }

/** The run `id` beside `first`; where that cannot be, the sentence that says why. Rejects only when `signal` is aborted. */
export async function openRival(
  client: Pick<Client, 'snapshot' | 'iteration'>,
  first: SnapshotHead,
  id: string,
  signal: AbortSignal,
): Promise<Opened> {
  if (first.iterations.length === 0)
    return refused('There is nothing to compare with: the first run has made no tensors.')
  try {
    const [{ Rival }, head] = await Promise.all([import('./compared-run'), client.snapshot(id, signal)])
    signal.throwIfAborted()
    return { rival: new Rival(first, head, (run, k, inner) => client.iteration(run, k, inner)), refused: null }
  } catch (error) {
    if (isAbort(error)) throw error
    return refused(`The other run cannot be shown. ${error instanceof Error ? error.message : String(error)}`)
  }
}

function refused(why: string): Opened {
  return { rival: null, refused: `${why} The first run is here as before.` }
}
