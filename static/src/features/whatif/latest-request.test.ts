import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Latest } from './latest-request'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Work that ends when it is told to. */
function setUp() {
  const begun: { wanted: number; signal: AbortSignal; end: (again?: number) => Promise<void> }[] = []
  const latest = new Latest<number>(
    (wanted, signal) =>
      new Promise((resolve) => {
        const end = async (again?: number) => {
          resolve(again ?? null)
          await vi.advanceTimersByTimeAsync(0)
        }
        begun.push({ wanted, signal, end })
      }),
  )
  const wanted = () => begun.map((one) => one.wanted)
  return { latest, begun, wanted }
}

test('one thing at a time, and then the last that was asked for', async () => {
  const { latest, begun, wanted } = setUp()
  for (const number of [1, 2, 3, 4]) latest.ask(number)
  expect(wanted()).toEqual([1])
  await begun[0]?.end()
  expect(wanted()).toEqual([1, 4])
  await begun[1]?.end()
  expect(latest.busy).toBe(false)
  latest.ask(5)
  expect(wanted()).toEqual([1, 4, 5])
})

test('what is refused is tried again when it may, with what is wanted by then', async () => {
  const { latest, begun, wanted } = setUp()
  latest.ask(1)
  await begun[0]?.end(3)
  expect(latest.busy).toBe(true)
  latest.ask(2)
  await vi.advanceTimersByTimeAsync(2999)
  expect(wanted()).toEqual([1])
  await vi.advanceTimersByTimeAsync(1)
  expect(wanted()).toEqual([1, 2])
  await begun[1]?.end(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(wanted()).toEqual([1, 2, 2])
})

test('what is given up is aborted, and nothing comes after it', async () => {
  const { latest, begun, wanted } = setUp()
  latest.ask(1)
  latest.ask(2)
  latest.stop()
  expect(begun[0]?.signal.aborted).toBe(true)
  await begun[0]?.end()
  expect(wanted()).toEqual([1])
  latest.ask(3)
  await begun[1]?.end(5)
  latest.stop()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(wanted()).toEqual([1, 3])
})

test('what was given up does not disturb what comes after', async () => {
  const { latest, begun, wanted } = setUp()
  latest.ask(1)
  latest.stop()
  latest.ask(2)
  await begun[0]?.end(9)
  latest.ask(3)
  expect(wanted()).toEqual([1, 2])
  await begun[1]?.end()
  expect(wanted()).toEqual([1, 2, 3])
})
