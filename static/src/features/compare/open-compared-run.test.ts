/** Another run in the page's session: it comes, it goes, and nothing else changes. */

import { beforeEach, expect, test, vi } from 'vitest'
import type { Client } from '../../api/client'
import type { Iteration, Observations, SnapshotHead } from '../../core/contract'
import { Store } from '../../core/store'
import { Session } from '../../page/session'
import { currentPlace, initialPage } from '../../page/state'
import { stubStorage } from '../../page/testing'
import { NOWHERE } from '../../page/url'
import { NOTHING_OBSERVED } from '../../walk/observations'
import { besideOf, comparedRunOf } from './open-compared-run'
import { type Name, recorded } from './testing'

beforeEach(stubStorage)

const PROGRAMS: Record<string, Name> = { one: 'base', other: 'activation', third: 'layer' }

function headOf(id: string): SnapshotHead {
  const { graph, source, iteration } = recorded(PROGRAMS[id] as Name)
  const program = { source, seed: 0, overrides: [] }
  const outcome = { status: 'completed', error: null }
  const iterations = [{ index: 0, graph: 0, loss: iteration.loss, steps: iteration.steps.length }]
  return { id, program, outcome, truncated: null, graphs: [graph], iterations } as unknown as SnapshotHead
}

function setUp() {
  const client = {
    snapshot: vi.fn(async (id: string) => {
      if (!(id in PROGRAMS)) throw new Error('No snapshot has this address.')
      return headOf(id)
    }),
    iteration: vi.fn(async (id: string): Promise<Iteration> => recorded(PROGRAMS[id] as Name).iteration),
    observations: vi.fn(async (): Promise<Observations> => NOTHING_OBSERVED),
  }
  const store = new Store(initialPage('light'))
  return {
    client,
    store,
    session: new Session(store, client as unknown as Client, { hooks: { beforeShow: besideOf(client) } }),
  }
}

const at = (store: Store<ReturnType<typeof initialPage>>) => {
  const { body, step } = store.state
  const found = body?.steps[step]
  return `${found?.kind} ${found?.node}`
}

test('a link with another run shows both, and has the address that shows both', async () => {
  const { store, session } = setUp()
  await session.open({ ...NOWHERE, snapshot: 'one', compare: 'other', step: 3 })
  expect(store.state.pair?.id).toBe('other')
  expect(comparedRunOf(store.state)?.beside(store.state.body)?.lone.size).toBeGreaterThan(0)
  expect(currentPlace(store.state)).toMatchObject({ snapshot: 'one', compare: 'other', step: 3 })
})

test('the walk stays at its step when another run comes, and when it goes', async () => {
  const { store, session } = setUp()
  await session.open({ ...NOWHERE, snapshot: 'one', step: 12 })
  const [before, steps] = [at(store), store.state.body?.steps]
  await session.compare('third')
  expect(store.state.body?.steps.length).toBeGreaterThan(steps?.length ?? 0)
  expect(at(store)).toBe(before)
  expect(store.state.step).toBeGreaterThan(12)
  await session.compare('other')
  expect(at(store)).toBe(before)
  await session.compare(null)
  expect(store.state).toMatchObject({ pair: null, step: 12 })
  expect(store.state.body?.steps).toEqual(steps)
  expect(store.state.head?.graphs).toEqual(headOf('one').graphs)
})

test('from a step that only the other run has, the walk goes back to what came before it', async () => {
  const { store, session } = setUp()
  await session.open({ ...NOWHERE, snapshot: 'one', compare: 'other' })
  const lone = comparedRunOf(store.state)?.beside(store.state.body)?.lone ?? new Map()
  const [index] = [...lone].find(([, { run }]) => run === 'B') as [number, unknown]
  store.update({ step: index })
  await session.compare(null)
  expect(store.state.step).toBeLessThan(index)
  expect(store.state.step).toBeGreaterThan(0)
})

test('what was open and selected before is so afterwards', async () => {
  const { store, session } = setUp()
  await session.open({ ...NOWHERE, snapshot: 'one', open: ['g0'], node: 'n1' })
  await session.compare('other')
  expect(store.state).toMatchObject({ open: null, selected: 'n1' })
  const { union } = comparedRunOf(store.state)?.beside(store.state.body) ?? {}
  session.select([...(union?.only.b ?? [])].find((id) => id.startsWith('n')) ?? '')
  await session.compare(null)
  expect(store.state).toMatchObject({ open: ['g0'], selected: null })
})

test('the text in the editor stays as it is', async () => {
  const { store, session } = setUp()
  await session.open({ ...NOWHERE, snapshot: 'one' })
  session.drafting.edit('import torch\n# mine')
  await session.compare('other')
  expect(store.state.source).toBe('import torch\n# mine')
  await session.compare(null)
  expect(store.state.source).toBe('import torch\n# mine')
})

test('a run that is not there leaves the first one on show, with a sentence', async () => {
  const { store, session } = setUp()
  await session.open({ ...NOWHERE, snapshot: 'one', compare: 'gone' })
  expect(store.state.body?.steps).toEqual(recorded('base').iteration.steps)
  expect(store.state.pair).toBeNull()
  expect(store.state.notice).toEqual({
    kind: 'error',
    text: 'The other run cannot be shown. No snapshot has this address. The first run is here as before.',
  })
  expect(currentPlace(store.state).compare).toBeNull()
})
