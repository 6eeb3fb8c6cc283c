/** A session with a server that answers from a list, for the tests. */

import { vi } from 'vitest'
import type { Client } from '../api/client'
import type { Lesson, RunProgress, SnapshotHead, Step } from '../core/contract'
import { Store } from '../core/store'
import { Session } from './session'
import { initialPage } from './state'

/** What a run is told with. */
export type Tell = (progress: RunProgress) => void

const steps = (count: number) => Array.from({ length: count }, (_, index) => ({ index }) as Step)
/** A snapshot with so many steps in each iteration. */
export const head = (id: string, counts: number[], extra: Partial<SnapshotHead> = {}) =>
  ({
    id,
    program: { source: `source of ${id}`, seed: 0, overrides: [] },
    outcome: { status: 'completed', error: null },
    graphs: [],
    iterations: counts.map((count, index) => ({ index, graph: 0, loss: 0, steps: count })),
    ...extra,
  }) as SnapshotHead

/** `runs`: the ids of the snapshots that runs give, one after the other. */
export function setUp(heads: SnapshotHead[], runs: string[] = []) {
  const byId = new Map(heads.map((one) => [one.id, one]))
  const lesson = (slug: string): Lesson => ({
    slug,
    title: slug,
    summary: '',
    text: '',
    html: '',
    opening: '',
    stops: [],
    source: `source of ${slug}`,
    snapshot: slug,
  })
  const client = {
    lessons: vi.fn(async () => [{ slug: 'neuron', title: 'One neuron', summary: '', part: '' }]),
    lesson: vi.fn(async (slug: string) => lesson(slug)),
    snapshot: vi.fn(async (id: string) => byId.get(id)),
    iteration: vi.fn(async (id: string, k: number) => ({
      index: k,
      steps: steps(byId.get(id)?.iterations[k]?.steps ?? 0),
    })),
    run: vi.fn(async (_source: string, _tell: Tell, _signal?: AbortSignal): Promise<unknown> => {
      return { snapshot: runs.shift(), outcome: { status: 'completed', error: null } }
    }),
  }
  const store = new Store(initialPage('light'))
  return { client, store, session: new Session(store, client as unknown as Client) }
}

/** A browser's storage that is empty. */
export function stubStorage(): void {
  const stored = new Map<string, string>()
  vi.stubGlobal('window', {
    localStorage: {
      get length() {
        return stored.size
      },
      key: (i: number) => [...stored.keys()][i] ?? null,
      removeItem: (key: string) => stored.delete(key),
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (k: string, v: string) => stored.set(k, v),
    },
  })
}
