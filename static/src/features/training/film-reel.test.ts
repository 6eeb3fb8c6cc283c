import { expect, test, vi } from 'vitest'
import { Reel } from './film-reel'

/** Shoots when told to. */
function slow() {
  const waiting = new Map<number, { come: () => void; fail: () => void; signal: AbortSignal }>()
  const shoot = vi.fn((k: number, signal: AbortSignal) => {
    return new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      waiting.set(k, { come: () => resolve(`shot ${k}`), fail: () => reject(new Error('down')), signal })
    })
  })
  const onChange = vi.fn()
  return { shoot, waiting, onChange, reel: new Reel(shoot, onChange) }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('asks for a few at a time, in the order asked for, and tells when one has come', async () => {
  const { shoot, waiting, onChange, reel } = slow()
  reel.want([5, 6, 7, 8, 9])
  expect(shoot.mock.calls.map(([k]) => k)).toEqual([5, 6, 7])
  waiting.get(6)?.come()
  await settled()
  expect(onChange).toHaveBeenCalledTimes(1)
  expect(reel.at(6)).toEqual({ state: 'there', content: 'shot 6' })
  expect(reel.at(5)).toBeNull()
  expect(shoot.mock.calls.map(([k]) => k)).toEqual([5, 6, 7, 8])
})

test('gives up what was scrolled past, and keeps what has come', async () => {
  const { shoot, waiting, reel } = slow()
  reel.want([0, 1, 2, 3])
  waiting.get(0)?.come()
  await settled()
  reel.want([0, 2, 40])
  expect(waiting.get(1)?.signal.aborted).toBe(true)
  expect(waiting.get(2)?.signal.aborted).toBe(false)
  await settled()
  expect(shoot.mock.calls.map(([k]) => k)).toEqual([0, 1, 2, 3, 40])
  expect(reel.contents).toEqual(['shot 0'])
  reel.close()
  expect(waiting.get(2)?.signal.aborted).toBe(true)
})

test('a failure says why, and is tried again when it is wanted again', async () => {
  const { shoot, waiting, reel } = slow()
  reel.want([1])
  waiting.get(1)?.fail()
  await settled()
  expect(reel.at(1)).toEqual({ state: 'failed', message: 'down' })
  reel.want([1])
  expect(shoot).toHaveBeenCalledTimes(2)
  waiting.get(1)?.come()
  await settled()
  expect(reel.at(1)?.state).toBe('there')
})
