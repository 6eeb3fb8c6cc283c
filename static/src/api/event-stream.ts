/** Reading a stream of server-sent events (the answer of a POST, which EventSource cannot ask for). */

import { createParser } from 'eventsource-parser'

export interface StreamEvent {
  name: string
  data: string
}

/** The events of an answer, until it ends or the reader stops. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader()
  const text = new TextDecoder()
  const complete: StreamEvent[] = []
  const parser = createParser({ onEvent: ({ event = 'message', data }) => complete.push({ name: event, data }) })
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      parser.feed(text.decode(value, { stream: true }))
      yield* complete.splice(0)
    }
  } finally {
    void reader.cancel().catch(() => undefined)
  }
}
