/** Programs that were edited and not yet run: they survive a closed tab, and no tab overwrites another's. */

import { readStored, writeStored } from '../storage'

const KEY = 'drafts'
const LAST_TAB = 'gradwalk:tab'
/** The oldest are dropped past this many. */
const KEPT = 20

/** A program as one tab last had it. `at`: milliseconds, as Date.now() counts; 0 where it is not known. */
export interface Draft {
  source: string
  at: number
  tab: string
}

/** Per program (a lesson's slug or a snapshot's id), the drafts of the tabs that edit it. */
type Drafts = Record<string, Draft[]>

export class DraftBook {
  /** This page, as long as it is open. */
  readonly tab = newId()
  /** The page that stood in this tab before it was loaded anew. */
  private readonly before = this.succeed()

  constructor(private readonly now: () => number = Date.now) {}

  /** The draft under `key` that this tab goes on with: its own, else the latest; from now on it is this tab's. */
  take(key: string): Draft | null {
    const all = readAll()
    const row = all[key] ?? []
    const own = row.find(({ tab }) => tab === this.tab) ?? row.find(({ tab }) => tab === this.before) ?? latest(row)
    if (own === null) return null
    if (own.tab !== this.tab) {
      const mine = { ...own, tab: this.tab }
      write({ ...all, [key]: [...row.filter((one) => one !== own), mine] })
    }
    return own
  }

  /** Keeps `source` under `key`; an unchanged program (null) needs no draft. Tells whether it could be kept. */
  keep(key: string, source: string | null): boolean {
    const all = readAll()
    const others = (all[key] ?? []).filter(({ tab }) => tab !== this.tab)
    const own = source === null ? [] : [{ source, at: this.now(), tab: this.tab }]
    if (source === null && others.length === (all[key]?.length ?? 0)) return true
    return write({ ...all, [key]: [...others, ...own] })
  }

  /** The latest text that another tab has under `key`, where it is another than `source`. */
  other(key: string, source: string): Draft | null {
    return latest((readAll()[key] ?? []).filter((one) => one.tab !== this.tab && one.source !== source))
  }

  /** Keeps a text that no tab is showing any more. */
  setAside(key: string, source: string): boolean {
    const all = readAll()
    return write({ ...all, [key]: [...(all[key] ?? []), { source, at: this.now(), tab: newId() }] })
  }

  /** Drops a draft of another tab's that this tab has taken over. */
  drop(key: string, draft: Draft): void {
    const all = readAll()
    const left = (all[key] ?? []).filter(({ tab, source }) => tab !== draft.tab || source !== draft.source)
    write({ ...all, [key]: left })
  }

  /** Whether this tab has a draft under `key`. */
  holds(key: string): boolean {
    return (readAll()[key] ?? []).some(({ tab }) => tab === this.tab)
  }

  /** Calls `listener` with the programs whose drafts another tab has changed. Returns the way to stop. */
  watch(listener: (keys: readonly string[]) => void): () => void {
    const onStorage = ({ key, oldValue, newValue }: StorageEvent) => {
      if (key !== null && !key.endsWith(`:${KEY}`)) return
      const [before, after] = [parse(oldValue), parse(newValue)]
      const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
      listener(keys.filter((one) => JSON.stringify(before[one]) !== JSON.stringify(after[one])))
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

function latest(row: readonly Draft[]): Draft | null {
  return row.reduce<Draft | null>((best, one) => (best === null || one.at >= best.at ? one : best), null)
}

function readAll(): Drafts {
  return parse(readStored(KEY))
}

/** Keeps the latest, and of a program that is edited now every one. */
function write(all: Drafts): boolean {
  const kept = Object.entries(all).filter(([, row]) => row.length > 0)
  kept.sort(([, a], [, b]) => (latest(a)?.at ?? 0) - (latest(b)?.at ?? 0))
  return writeStored(KEY, JSON.stringify(Object.fromEntries(kept.slice(-KEPT))))
}

/** What is damaged is as if it were not there; a text alone is a draft of an earlier version of this page. */
function parse(text: string | null): Drafts {
  try {
    const stored: unknown = JSON.parse(text ?? '{}')
    const entries = typeof stored === 'object' && stored !== null ? Object.entries(stored) : []
    return Object.fromEntries(entries.map(([key, row]): [string, Draft[]] => [key, rowOf(row)]))
  } catch {
    return {}
  }
}

function rowOf(row: unknown): Draft[] {
  if (typeof row === 'string') return [{ source: row, at: 0, tab: '' }]
  return Array.isArray(row) ? row.filter(isDraft) : []
}

function isDraft(value: unknown): value is Draft {
  const draft = value as Partial<Draft> | null
  return typeof draft?.source === 'string' && typeof draft.at === 'number' && typeof draft.tab === 'string'
}
