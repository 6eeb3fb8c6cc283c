import { expect, test } from 'vitest'
import type { RunProgress } from '../core/contract'
import type { Busy } from './state'
import { describeWaiting, Speaker } from './waiting-text'

const running = (progress?: RunProgress): Busy => ({ what: 'running', since: 0, ...(progress && { progress }) })
const iteration = (index: number, loss: number | 'NaN' | null = 0.3141592): RunProgress => ({
  what: 'iteration',
  index,
  loss,
  turns: [],
})
const batch: RunProgress = {
  what: 'iteration',
  index: 11,
  loss: 0.5,
  turns: [
    { line: 9, number: 2, variable: 'epoch', value: 2 },
    { line: 10, number: 4, variable: null, value: null },
  ],
}

test.each<[Busy, string]>([
  [running(), 'Running the program'],
  [running({ what: 'queued', position: 3 }), '3 runs before yours'],
  [running({ what: 'queued', position: 1 }), '1 run before yours'],
  [running({ what: 'started', queued_ms: 4 }), 'Running the program'],
  [running(iteration(11)), 'Running, iteration 12, loss 0.3142'],
  [running(batch), 'Running, iteration 12 (epoch 2, turn 5 of the loop in line 10), loss 0.5'],
  [running(iteration(0, null)), 'Running, iteration 1'],
  [running(iteration(0, 'NaN')), 'Running, iteration 1, loss NaN'],
  [{ what: 'opening', since: 0 }, 'Opening'],
  [{ what: 'iteration', since: 0, name: 'iteration 7 (epoch 2)' }, 'Fetching iteration 7 (epoch 2)'],
])('%j reads %s', (busy, text) => {
  expect(describeWaiting(busy)).toBe(text)
})

test('a screen reader hears every change of state at once, and iterations every five seconds', () => {
  const speaker = new Speaker()
  expect(speaker.say(running({ what: 'queued', position: 2 }), 0)).toBe('2 runs before yours')
  expect(speaker.say(running({ what: 'queued', position: 1 }), 100)).toBe('1 run before yours')
  expect(speaker.say(running(iteration(0)), 200)).toContain('iteration 1,')
  expect(speaker.say(running(iteration(500)), 5100)).toContain('iteration 1,')
  expect(speaker.say(running(iteration(501)), 5200)).toContain('iteration 502,')
  expect(speaker.say(null, 5300)).toBe('')
})
