/** Reading an answer, but not one that no browser could hold. */

import { TooLarge } from './errors'

/** Bytes: as JSON in memory this is several times as much, and above about 500 MB a browser has no strings. */
export const MOST_BYTES = 200_000_000

/**
 * The body of an answer. Rejects with TooLarge as soon as there is more than `most` of it, without waiting for the rest; with
 * TypeError when the connection breaks.
 */
export async function bytesOf(response: Response, what: string, most = MOST_BYTES): Promise<ArrayBuffer> {
  if (Number(response.headers.get('Content-Length')) > most) {
    void response.body?.cancel()
    throw new TooLarge(what, most)
  }
  const reader = response.body?.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    parts.push(part.value)
    length += part.value.byteLength
    if (length <= most) continue
    void reader?.cancel()
    throw new TooLarge(what, most)
  }
  return joined(parts, length)
}

function joined(parts: readonly Uint8Array[], length: number): ArrayBuffer {
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.byteLength
  }
  return all.buffer
}
