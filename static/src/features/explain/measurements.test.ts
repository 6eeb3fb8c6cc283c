import type { ReactiveControllerHost } from 'lit'
import { expect, test } from 'vitest'
import { NetworkError } from '../../api/errors'
import type { Explanation } from '../../core/contract'
import { Measuring } from './measurements'

const measured = { kind: 'measured', note: null } as Explanation
const failed = { kind: 'unknown', note: 'Not measured: backward raised an error.' } as Explanation

/** A measuring whose host counts how often it was drawn anew. */
function begun() {
  const drawn = { times: 0 }
  const host = { addController: () => undefined, requestUpdate: () => void drawn.times++ }
  return { drawn, measuring: new Measuring(host as unknown as ReactiveControllerHost) }
}

/** Answers when it is told to; rejects when it is aborted. */
function slow() {
  const held: { answer: (told: Explanation) => void; aborted: boolean } = { answer: () => undefined, aborted: false }
  const ask = (signal: AbortSignal) =>
    new Promise<Explanation>((resolve, reject) => {
      held.answer = resolve
      signal.addEventListener('abort', () => {
        held.aborted = true
        reject(new DOMException('', 'AbortError'))
      })
    })
  return { held, ask }
}

test('it runs until the answer has come', async () => {
  const { drawn, measuring } = begun()
  const { held, ask } = slow()
  const pressed = measuring.press('e1', ask)
  expect(measuring.at('e1')).toEqual({ running: true, problem: '' })
  expect(measuring.at('e2').running).toBe(false)
  held.answer(measured)
  await pressed
  expect(measuring.at('e1')).toEqual({ running: false, problem: '' })
  expect(drawn.times).toBe(2)
})

test('why nothing was measured is told, until the next try', async () => {
  const { measuring } = begun()
  await measuring.press('e1', async () => failed)
  expect(measuring.at('e1').problem).toBe('Not measured: backward raised an error.')
  expect(measuring.at('e2').problem).toBe('')
  await measuring.press('e1', () => Promise.reject(new NetworkError()))
  expect(measuring.at('e1').problem).toMatch(/^The server cannot be reached/)
  await measuring.press('e1', async () => measured)
  expect(measuring.at('e1').problem).toBe('')
})

test('pressed while it runs, it is cancelled, and says so', async () => {
  const { measuring } = begun()
  const { held, ask } = slow()
  const pressed = measuring.press('e1', ask)
  await measuring.press('e1', ask)
  await pressed
  expect(held.aborted).toBe(true)
  expect(measuring.at('e1')).toEqual({ running: false, problem: 'Cancelled: nothing was measured.' })
})

test('another one, and leaving the page, end it without a word', async () => {
  const { measuring } = begun()
  const first = slow()
  const second = slow()
  const pressed = [measuring.press('e1', first.ask), measuring.press('e2', second.ask)]
  expect(first.held.aborted).toBe(true)
  expect(measuring.at('e2').running).toBe(true)
  measuring.hostDisconnected()
  await Promise.all(pressed)
  expect(second.held.aborted).toBe(true)
  expect(measuring.at('e1')).toEqual({ running: false, problem: '' })
  expect(measuring.at('e2')).toEqual({ running: false, problem: '' })
})
