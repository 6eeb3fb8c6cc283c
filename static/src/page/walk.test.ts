/** The walk and what the server finds remarkable in it, which comes when it comes. */

import { expect, test, vi } from 'vitest'
import type { Client } from '../api/client'
import type { Iteration, Observations, SnapshotHead } from '../core/contract'
import { Store } from '../core/store'
import fan from '../walk/fixtures/fan-out.json'
import { NOTHING_OBSERVED } from '../walk/observations'
import { Session } from './session'
import { initialPage } from './state'
import { head as headOf } from './testing'
import { NOWHERE } from './url'
import { Walk } from './walk'

const graph = fan.graph as unknown as SnapshotHead['graphs'][number]
const recorded = fan.iteration as unknown as Iteration
const head = headOf('fan', [recorded.steps.length, recorded.steps.length], { graphs: [{ ...graph, id: 0 }] })
const bodyOf = (index: number): Iteration => ({ ...recorded, index, graph: 0 })
const observedIn = (iteration: number): Observations => {
  const origin = { node: recorded.steps[0]?.node ?? '', output: 0, edge: null, step: 0 }
  return { ...NOTHING_OBSERVED, iteration, non_finite: [{ ...origin, what: 'NaN', where: 'value' }] }
}

/** A session with a walk, and a server that holds the observations of each iteration back until `answer` is called. */
function setUp() {
  vi.stubGlobal('matchMedia', () => ({ matches: true }))
  const waiting = new Map<number, { resolve: (found: Observations) => void; reject: (error: Error) => void }>()
  const client = {
    snapshot: async () => head,
    iteration: vi.fn(async (_id: string, k: number) => bodyOf(k)),
    observations: vi.fn((_id: string, k: number) => {
      return new Promise<Observations>((resolve, reject) => waiting.set(k, { resolve, reject }))
    }),
  }
  const store = new Store(initialPage('light'))
  const session = new Session(store, client as unknown as Client)
  const walk = new Walk(store)
  const origins = () => walk.frames.current?.origins.length
  const answer = async (k: number) => {
    waiting.get(k)?.resolve(observedIn(k))
    await vi.waitFor(() => expect(store.state.observed?.observations.iteration).toBe(k))
  }
  return { client, store, session, walk, waiting, origins, answer }
}

const OPENED = { ...NOWHERE, snapshot: 'fan', step: 3 }

test('a walk begins without waiting, and the marks appear where it has come to', async () => {
  const { session, walk, client, origins, answer } = setUp()
  await session.open(OPENED)
  expect(client.observations).toHaveBeenCalledWith('fan', 0, expect.anything())
  expect(origins()).toBe(0)
  const before = walk.timeline
  await answer(0)
  expect(origins()).toBe(1)
  expect(walk.frames.current).toMatchObject({ step: 3, progress: 1 })
  // nothing of the walk is indexed, loaded or laid out anew
  expect(walk.timeline).toMatchObject({ graph: before?.graph, iteration: before?.iteration, values: before?.values })
})

test('the marks of one iteration are not shown in another', async () => {
  const { session, store, origins, answer } = setUp()
  await session.open(OPENED)
  await answer(0)
  await session.showIteration(1)
  expect(store.state.body?.index).toBe(1)
  expect(origins()).toBe(0)
  await answer(1)
  expect(origins()).toBe(1)
})

test('observations that come after their iteration is gone are kept for when it is on show again', async () => {
  const { session, client, store, origins, waiting, answer } = setUp()
  await session.open(OPENED)
  await session.showIteration(1)
  waiting.get(0)?.resolve(observedIn(0))
  await answer(1)
  await session.showIteration(0)
  await vi.waitFor(() => expect(store.state.observed?.observations.iteration).toBe(0))
  expect(origins()).toBe(1)
  expect(client.observations).toHaveBeenCalledTimes(2)
})

test('without an answer the walk is as it was, and nothing is said', async () => {
  const { session, store, origins, waiting } = setUp()
  await session.open(OPENED)
  waiting.get(0)?.reject(new Error('down'))
  await Promise.resolve()
  expect(origins()).toBe(0)
  expect(store.state.notice).toBeNull()
})

test('of numbers that change under the hand only those that it rests at are asked for', async () => {
  const { session, store, client, origins, answer } = setUp()
  await session.open(OPENED)
  await answer(0)
  const recorded = { head, own: true }
  const moved = { ...head, id: 'moved' }
  session.exchange(moved, { body: bodyOf(0), variation: { recorded, moving: true } })
  expect(client.observations.mock.calls.map(([id]) => id)).not.toContain('moved')
  expect(origins()).toBe(0)
  store.update({ variation: { recorded, moving: false } })
  expect(client.observations).toHaveBeenLastCalledWith('moved', 0, expect.anything())
  await answer(0)
  await vi.waitFor(() => expect(origins()).toBe(1))
  // the numbers were fetched by whoever moved them
  expect(client.iteration.mock.calls.map(([id]) => id)).not.toContain('moved')
})
