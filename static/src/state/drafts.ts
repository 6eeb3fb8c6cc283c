/** Programs that were edited and not yet run: they survive a reload. */

import { readStored, writeStored } from '../storage'

const KEY = 'drafts'
/** The oldest are dropped past this many. */
const KEPT = 20

type Drafts = Record<string, string>

/** The draft under `key` (a lesson's slug or a snapshot's id); null when there is none. */
export function readDraft(key: string): string | null {
  return readAll()[key] ?? null
}

/** Keeps `source` under `key`; an unchanged program (null) needs no draft. */
export function keepDraft(key: string, source: string | null): void {
  const { [key]: _replaced, ...others } = readAll()
  const all = source === null ? others : { ...others, [key]: source }
  writeStored(KEY, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-KEPT))))
}

function readAll(): Drafts {
  try {
    const stored: unknown = JSON.parse(readStored(KEY) ?? '{}')
    const entries = typeof stored === 'object' && stored !== null ? Object.entries(stored) : []
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  } catch {
    return {}
  }
}
