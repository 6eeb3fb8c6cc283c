/**
 * Programs that were edited and not yet run: they survive a closed tab, and no tab overwrites another's. Every draft has
 * an entry of its own: two tabs that write at the same moment would lose what the other wrote into a common one.
 */

import { keyOf, readStored, removeStored, storedKeys, writeStored } from '../core/storage'

const START = 'draft:'
/** The storage key of an earlier version, which kept all drafts in one entry. */
const TOGETHER = 'drafts'
const LAST_TAB = 'gradwalk:tab'
/** The oldest are dropped past this many. */
const KEPT = 20

/** A program as one tab last had it. `at`: milliseconds, as Date.now() counts; 0 where it is not known. */
export interface Draft {
  source: string
  at: number
  tab: string
}

/** The storage of drafts. */
export type Drafts = Pick<DraftBook, keyof DraftBook>

export class DraftBook {
  /** This page, as long as it is open. */
  private readonly tab = newId()
  /** The page that was open in this tab before a reload. */
  private readonly before = this.succeed()

  constructor(private readonly now: () => number = Date.now) {
    separate()
  }

  /** The draft of `program` that this tab goes on with: its own, else the latest; from now on it is this tab's. */
  take(program: string): Draft | null {
    const all = draftsOf(program)
    const own = all.find(({ tab }) => tab === this.tab) ?? all.find(({ tab }) => tab === this.before) ?? all.at(-1)
    if (own === undefined) return null
    if (own.tab !== this.tab && write(program, { ...own, tab: this.tab })) removeStored(entry(program, own.tab))
    return own
  }

  /** Keeps `source` for `program`; an unchanged program (null) needs no draft. Tells whether it could be kept. */
  keep(program: string, source: string | null): boolean {
    if (source !== null) return write(program, { source, at: this.now(), tab: this.tab })
    removeStored(entry(program, this.tab))
    return true
  }

  /** Keeps a text that no tab is showing any more. */
  setAside(program: string, source: string): boolean {
    return write(program, { source, at: this.now(), tab: newId() })
  }

  /** The latest text that another tab has of `program`, where it is another than `source`. */
  other(program: string, source: string): Draft | null {
    return draftsOf(program).findLast((one) => one.tab !== this.tab && one.source !== source) ?? null
  }

  /** Drops a draft of another tab's that this tab has taken over. */
  drop(program: string, draft: Draft): void {
    removeStored(entry(program, draft.tab))
  }

  /** Return whether this tab has a draft of `program`. */
  holds(program: string): boolean {
    return readStored(entry(program, this.tab)) !== null
  }

  /** Calls `listener` with the program whose draft another tab has changed. Returns the way to stop. */
  watch(listener: (program: string) => void): () => void {
    const onStorage = (event: StorageEvent) => {
      const key = keyOf(event)
      if (key?.startsWith(START)) listener(key.slice(START.length, key.lastIndexOf(':')))
    }
    window.addEventListener('storage', onStorage)
    return () => window.removeEventListener('storage', onStorage)
  }

  private succeed(): string | null {
    try {
      const before = window.sessionStorage.getItem(LAST_TAB)
      window.sessionStorage.setItem(LAST_TAB, this.tab)
      return before
    } catch {
      return null
    }
  }
}

function newId(): string {
  return String(Math.random()).slice(2)
}

function entry(program: string, tab: string): string {
  return `${START}${program}:${tab}`
}

/** From the oldest to the latest. */
function draftsOf(program: string): Draft[] {
  return inOrder(storedKeys(entry(program, '')))
}

function inOrder(keys: readonly string[]): Draft[] {
  const found = keys.flatMap((key) => parse(readStored(key), key.slice(key.lastIndexOf(':') + 1)) ?? [])
  return found.sort((a, b) => a.at - b.at)
}

function write(program: string, { source, at, tab }: Draft): boolean {
  const kept = writeStored(entry(program, tab), JSON.stringify({ source, at }))
  const keys = storedKeys(START)
  if (keys.length > KEPT) {
    const age = (key: string) => parse(readStored(key), '')?.at ?? 0
    const oldest = keys.filter((key) => key !== entry(program, tab)).sort((a, b) => age(a) - age(b))
    for (const key of oldest.slice(0, keys.length - KEPT)) removeStored(key)
  }
  return kept
}

/** Return the stored draft; null when it is damaged. */
function parse(text: string | null, tab: string): Draft | null {
  try {
    const stored = JSON.parse(text ?? 'null') as Partial<Draft> | null
    const { source, at } = stored ?? {}
    return typeof source === 'string' && typeof at === 'number' ? { source, at, tab } : null
  } catch {
    return null
  }
}

/** Move the drafts of an earlier version of this page into entries of their own. */
function separate(): void {
  const together = readStored(TOGETHER)
  if (together === null) return
  try {
    for (const [program, source] of Object.entries(JSON.parse(together) as Record<string, unknown>))
      if (typeof source === 'string') write(program, { source, at: 0, tab: newId() })
  } catch {
    // A damaged entry cannot be kept.
  }
  removeStored(TOGETHER)
}
