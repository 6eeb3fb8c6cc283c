import { expect, test } from 'vitest'
import { readEvents, type StreamEvent } from './event-stream'

const STREAM = 'event: queued\ndata: {"position":3}\n\n: still there\n\nevent: done\r\ndata: a\r\ndata: b\r\n\r\n\n'
const EVENTS = [
  { name: 'queued', data: '{"position":3}' },
  { name: 'done', data: 'a\nb' },
]

/** The events of a text whose bytes come so many at a time. */
async function eventsOf(text: string, size: number): Promise<StreamEvent[]> {
  const bytes = new TextEncoder().encode(text)
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
  const found: StreamEvent[] = []
  for await (const event of readEvents(body)) found.push(event)
  return found
}

test('events are the same however the stream is cut', async () => {
  for (let size = 1; size <= STREAM.length; size++)
    expect(await eventsOf(STREAM, size), `in pieces of ${size}`).toEqual(EVENTS)
})

test('an event that is cut off is none', async () => {
  expect(await eventsOf('event: done\ndata: {"snap', 100)).toEqual([])
})

test('an event without data is none', async () => {
  expect(await eventsOf('event: empty\n\ndata: 1\n\n', 100)).toEqual([{ name: 'message', data: '1' }])
})

test('letters of more than one byte may be cut anywhere', async () => {
  expect(await eventsOf('data: 5 × ∂ 😀\n\n', 1)).toEqual([{ name: 'message', data: '5 × ∂ 😀' }])
})

test('whoever stops reading closes the connection', async () => {
  let closed = false
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
    cancel: () => {
      closed = true
    },
  })
  for await (const _ of readEvents(body)) break
  expect(closed).toBe(true)
})
