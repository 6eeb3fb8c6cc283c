/** Reading JSON without freezing the page: what is large is parsed in a worker. */

import { startParseWorker } from './parse-worker'
import { parseVisibly } from './visible'

/** Bytes above which parsing would be felt as a stutter. */
const LARGE = 1_000_000

/** Parses UTF-8 JSON. Rejects with SyntaxError when it is damaged, with the signal's reason when that is aborted. */
export async function parseJson(bytes: ArrayBuffer, signal?: AbortSignal): Promise<unknown> {
  if (bytes.byteLength > LARGE && typeof Worker !== 'undefined') return parseInWorker(bytes, signal)
  return parseVisibly(new TextDecoder().decode(bytes))
}

function parseInWorker(bytes: ArrayBuffer, signal?: AbortSignal): Promise<unknown> {
  const worker = startParseWorker()
  const parsed = new Promise<unknown>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ value: unknown } | { error: string }>) =>
      'value' in data ? resolve(data.value) : reject(new SyntaxError(data.error))
    worker.onerror = (event) => reject(new Error(event.message))
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    worker.postMessage(bytes, [bytes])
  })
  return parsed.finally(() => worker.terminate())
}
