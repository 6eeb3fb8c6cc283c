import { expect, test, vi } from 'vitest'
import type { Iteration, Observations } from '../core/contract'
import { Iterations } from './iterations'

const body = (k: number) => ({ index: k }) as Iteration
const observed = (k: number) => ({ iteration: k }) as Observations

type FetchIteration = (k: number, signal: AbortSignal) => Promise<Iteration>

/** `count` iterations that `fetch` fetches. */
function iterationsOf(count: number, fetch: FetchIteration, observations = vi.fn(async (k: number) => observed(k))) {
  return new Iterations(count, { iteration: fetch, observations })
}

/** A server that answers when told to. */
function slowServer() {
  const waiting = new Map<number, { answer: () => void; fail: () => void; signal: AbortSignal }>()
  const fetch = vi.fn((k: number, signal: AbortSignal) => {
    return new Promise<Iteration>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      waiting.set(k, { answer: () => resolve(body(k)), fail: () => reject(new Error('down')), signal })
    })
  })
  return { fetch, waiting }
}

test('asks once for a body that is wanted twice', async () => {
  const fetch = vi.fn(async (k: number) => body(k))
  const iterations = iterationsOf(5, fetch)
  expect(await iterations.get(2)).toEqual(body(2))
  expect(await iterations.get(2)).toEqual(body(2))
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('a slider dragged far cancels what it passed', async () => {
  const { fetch, waiting } = slowServer()
  const iterations = iterationsOf(100, fetch)
  const passed = iterations.get(10)
  const wanted = iterations.get(50)
  await expect(passed).rejects.toMatchObject({ name: 'AbortError' })
  waiting.get(50)?.answer()
  expect(await wanted).toEqual(body(50))
})

test('neighbours are fetched ahead, never outside the run', async () => {
  const fetch = vi.fn(async (k: number) => body(k))
  const iterations = iterationsOf(2, fetch)
  await iterations.get(0)
  iterations.prefetch(0)
  expect(fetch.mock.calls.map(([k]) => k)).toEqual([0, 1])
})

test('a failure is not remembered', async () => {
  const { fetch, waiting } = slowServer()
  const iterations = iterationsOf(3, fetch)
  const first = iterations.get(1)
  waiting.get(1)?.fail()
  await expect(first).rejects.toThrow('down')
  const second = iterations.get(1)
  waiting.get(1)?.answer()
  expect(await second).toEqual(body(1))
})

test('keeps a bounded number of bodies', async () => {
  const fetch = vi.fn(async (k: number) => body(k))
  const iterations = iterationsOf(500, fetch)
  for (let k = 0; k < 100; k += 1) await iterations.get(k)
  await iterations.get(99)
  expect(fetch).toHaveBeenCalledTimes(100)
  await iterations.get(0)
  expect(fetch).toHaveBeenCalledTimes(101)
})

test('close cancels what is under way', async () => {
  const { fetch } = slowServer()
  const iterations = iterationsOf(3, fetch)
  const pending = iterations.get(0)
  iterations.close()
  await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
})

test('one who looks at many at once disturbs nobody and is not disturbed', async () => {
  const { fetch, waiting } = slowServer()
  const iterations = iterationsOf(100, fetch)
  const walked = iterations.get(0)
  const looks = [20, 40].map((k) => iterations.look(k, new AbortController().signal))
  const moved = iterations.get(60)
  await expect(walked).rejects.toMatchObject({ name: 'AbortError' })
  for (const k of [20, 40, 60]) waiting.get(k)?.answer()
  expect(await Promise.all([...looks, moved])).toEqual([20, 40, 60].map(body))
})

test('a look that is given up cancels its request, unless the walk waits for it too', async () => {
  const { fetch, waiting } = slowServer()
  const iterations = iterationsOf(100, fetch)
  const controller = new AbortController()
  const walked = iterations.get(7)
  const looks = [7, 30].map((k) => iterations.look(k, controller.signal))
  controller.abort()
  for (const look of looks) await expect(look).rejects.toMatchObject({ name: 'AbortError' })
  expect(waiting.get(30)?.signal.aborted).toBe(true)
  expect(waiting.get(7)?.signal.aborted).toBe(false)
  waiting.get(7)?.answer()
  expect(await walked).toEqual(body(7))
})

test('what is known is not asked for again by a look', async () => {
  const fetch = vi.fn(async (k: number) => body(k))
  const iterations = iterationsOf(5, fetch)
  await iterations.get(3)
  expect(await iterations.look(3, new AbortController().signal)).toEqual(body(3))
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('observations are fetched beside an iteration and its neighbours, once, and not for one who looks at many', async () => {
  const observe = vi.fn(async (k: number) => observed(k))
  const iterations = iterationsOf(100, async (k) => body(k), observe)
  await iterations.look(50, new AbortController().signal)
  const one = await iterations.get(2)
  iterations.prefetch(2)
  expect(observe.mock.calls.map(([k]) => k)).toEqual([2, 3, 1])
  expect(await iterations.observations(one)).toEqual(observed(2))
  expect(await iterations.observations(await iterations.get(3))).toEqual(observed(3))
  expect(observe).toHaveBeenCalledTimes(3)
})

test('an iteration does not wait for its observations, nor fail with them', async () => {
  const observe = vi.fn<(k: number) => Promise<Observations>>(() => Promise.reject(new Error('down')))
  const iterations = iterationsOf(5, async (k) => body(k), observe)
  const one = await iterations.get(2)
  expect(await iterations.observations(one)).toBeNull()
  observe.mockImplementation(async (k) => observed(k))
  expect(await iterations.observations(one)).toEqual(observed(2))
})

test('of an iteration that was fetched elsewhere only the observations are fetched', async () => {
  const fetch = vi.fn(async (k: number) => body(k))
  const iterations = iterationsOf(5, fetch)
  expect(await iterations.observations(body(4))).toEqual(observed(4))
  expect(await iterations.get(4)).toEqual(body(4))
  expect(fetch).not.toHaveBeenCalled()
})
