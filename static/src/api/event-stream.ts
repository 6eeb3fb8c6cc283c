/** Reading a stream of server-sent events (the answer of a POST, which EventSource cannot ask for). */

export interface StreamEvent {
  name: string
  data: string
}

/** Cuts text into events as it comes. Comments and empty events are left out; lines may end as they like. */
export class EventDecoder {
  private rest = ''
  private name = ''
  private lines: string[] = []

  /** The events that are complete now. */
  feed(text: string): StreamEvent[] {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop() ?? ''
    return lines.flatMap((line) => this.take(line.replace(/\r$/, '')))
  }

  private take(line: string): StreamEvent[] {
    if (line === '') return this.end()
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (field === 'event') this.name = value ?? ''
    if (field === 'data') this.lines.push(value ?? '')
    return []
  }

  private end(): StreamEvent[] {
    const event = { name: this.name || 'message', data: this.lines.join('\n') }
    const empty = this.lines.length === 0
    this.name = ''
    this.lines = []
    return empty ? [] : [event]
  }
}

/** The events of an answer, until it ends or the reader stops. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader()
  const text = new TextDecoder()
  const decoder = new EventDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield* decoder.feed(text.decode(value, { stream: true }))
    }
  } finally {
    void reader.cancel().catch(() => undefined)
  }
}
