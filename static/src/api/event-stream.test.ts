import { expect, test } from 'vitest'
import { EventDecoder, readEvents } from './event-stream'

const STREAM = 'event: queued\ndata: {"position":3}\n\n: still there\n\nevent: done\r\ndata: a\r\ndata: b\r\n\r\n\n'
const EVENTS = [
  { name: 'queued', data: '{"position":3}' },
  { name: 'done', data: 'a\nb' },
]

test('events are the same however the stream is cut', () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const decoder = new EventDecoder()
    const found = []
    for (let at = 0; at < STREAM.length; at += size) found.push(...decoder.feed(STREAM.slice(at, at + size)))
    expect(found, `in pieces of ${size}`).toEqual(EVENTS)
  }
})

test('an event that is cut off is none', () => {
  expect(new EventDecoder().feed('event: done\ndata: {"snap')).toEqual([])
})

test('letters of more than one byte may be cut anywhere', async () => {
  const bytes = new TextEncoder().encode('data: 5 × ∂ 😀\n\n')
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
      controller.close()
    },
  })
  const found = []
  for await (const event of readEvents(body)) found.push(event)
  expect(found).toEqual([{ name: 'message', data: '5 × ∂ 😀' }])
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
