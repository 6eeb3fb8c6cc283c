/** For the tests: a page that features can be made for, and a session with a server that answers from a list. */

import { LitElement } from 'lit'
import { vi } from 'vitest'
import type { Client } from '../api/client'
import type { Graph, Iteration, Lesson, Observations, RunProgress, SnapshotHead, Step } from '../core/contract'
import { Store } from '../core/store'
import { NOTHING_OBSERVED } from '../walk/observations'
import type { EditorHandle, StageHandle } from './context'
import type { CreateFeature } from './feature'
import { PageController } from './page-controller'
import { Session, type SessionParts } from './session'
import { initialPage, type PageState } from './state'

/** The progress callback of a run. */
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

/** Return the head of a snapshot of one recorded iteration. */
export function headOf(id: string, graph: Graph, iteration: Iteration, source = 'import torch'): SnapshotHead {
  return {
    id,
    program: { source, seed: 0, overrides: [] },
    outcome: { status: 'completed', error: null },
    console: [],
    truncated: null,
    graphs: [graph],
    iterations: [{ index: 0, graph: graph.id, loss: iteration.loss, steps: iteration.steps.length }],
  } as unknown as SnapshotHead
}

/** `runs`: the ids of the snapshots that runs give, one after the other. */
export function setUp(heads: SnapshotHead[], runs: string[] = [], parts: SessionParts = {}) {
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
    lessons: vi.fn(async () => [{ slug: 'neuron', title: 'One neuron', summary: '', part: '', needs: [] }]),
    lesson: vi.fn(async (slug: string) => lesson(slug)),
    snapshot: vi.fn(async (id: string) => byId.get(id)),
    iteration: vi.fn(async (id: string, k: number) => ({
      index: k,
      steps: steps(byId.get(id)?.iterations[k]?.steps ?? 0),
    })),
    observations: vi.fn(
      async (_id: string, k: number): Promise<Observations> => ({ ...NOTHING_OBSERVED, iteration: k }),
    ),
    run: vi.fn(async (_source: string, _tell: Tell, _signal?: AbortSignal): Promise<unknown> => {
      return { snapshot: runs.shift(), outcome: { status: 'completed', error: null } }
    }),
  }
  const store = new Store(initialPage('light'))
  return { client, store, session: new Session(store, client as unknown as Client, parts) }
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

/** An element that renders what a test gives it, in the place of the page's own. */
class FakeHost extends LitElement {
  content: () => unknown = () => ''

  override render() {
    return this.content()
  }
}

/** The parts of a page for tests: features, and what differs from an empty page. */
export interface FakeParts {
  features?: readonly CreateFeature[]
  client?: Partial<Client>
  state?: Partial<PageState>
  stage?: Partial<StageHandle>
  editor?: Partial<EditorHandle>
}

/**
 * A page in the document, with a server that knows what `client` says and nothing else. It renders all that its features show;
 * `page.actions.run(id)` does what a key would do. Tests that use it run in happy-dom, and call `stubStorage` or clear the storage.
 */
export function fakePage({
  features = [],
  client = {},
  state = {},
  stage = {},
  editor = {},
}: FakeParts = {}): PageController {
  if (!customElements.get('fake-page')) customElements.define('fake-page', FakeHost)
  const host = document.createElement('fake-page') as FakeHost
  const drawing = {
    fit: vi.fn(),
    zoomBy: vi.fn(),
    toggleAll: vi.fn(),
    reveal: vi.fn(),
    picture: vi.fn(),
    membersAround: vi.fn(),
  }
  const page: PageController = new PageController(host, {
    client: client as Client,
    features,
    actions: () => [],
    initial: state,
    stage: () => ({ ...drawing, ...stage }) as StageHandle,
    editor: () => ({ show: vi.fn(), choosing: false, ...editor }),
  })
  const { slots } = page
  const places = ['header', 'program', 'picture', 'stage', 'card', 'drawer', 'status'] as const
  host.content = () => [
    ...places.map((place) => slots.render(place)),
    slots.tabs.map(({ view }) => view.title()),
    slots.panel(),
    slots.dialogs(),
  ]
  document.body.replaceChildren(host)
  return page
}
