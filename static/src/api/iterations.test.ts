import { expect, test, vi } from 'vitest'
import { Iterations } from './iterations'
import type { Iteration } from './types'

const body = (k: number) => ({ index: k }) as Iteration

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
  const iterations = new Iterations(5, fetch)
  expect(await iterations.get(2)).toEqual(body(2))
  expect(await iterations.get(2)).toEqual(body(2))
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('a slider dragged far cancels what it passed', async () => {
  const { fetch, waiting } = slowServer()
  const iterations = new Iterations(100, fetch)
  const passed = iterations.get(10)
  const wanted = iterations.get(50)
  await expect(passed).rejects.toMatchObject({ name: 'AbortError' })
  waiting.get(50)?.answer()
  expect(await wanted).toEqual(body(50))
})

test('neighbours are fetched ahead, never outside the run', async () => {
  const fetch = vi.fn(async (k: number) => body(k))
  const iterations = new Iterations(2, fetch)
  await iterations.get(0)
  iterations.prefetch(0)
  expect(fetch.mock.calls.map(([k]) => k)).toEqual([0, 1])
})

test('a failure is not remembered', async () => {
  const { fetch, waiting } = slowServer()
  const iterations = new Iterations(3, fetch)
  const first = iterations.get(1)
  waiting.get(1)?.fail()
  await expect(first).rejects.toThrow('down')
  const second = iterations.get(1)
  waiting.get(1)?.answer()
  expect(await second).toEqual(body(1))
})

test('keeps a bounded number of bodies', async () => {
  const fetch = vi.fn(async (k: number) => body(k))
  const iterations = new Iterations(500, fetch)
  for (let k = 0; k < 100; k += 1) await iterations.get(k)
  await iterations.get(99)
  expect(fetch).toHaveBeenCalledTimes(100)
  await iterations.get(0)
  expect(fetch).toHaveBeenCalledTimes(101)
})

test('close cancels what is under way', async () => {
  const { fetch } = slowServer()
  const iterations = new Iterations(3, fetch)
  const pending = iterations.get(0)
  iterations.close()
  await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
})
