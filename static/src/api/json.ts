/** Reading JSON without freezing the page: what is large is parsed in a worker. */

import ParseWorker from './parse.worker?worker'
import { parseVisibly } from './visible-text'

/** Bytes above which parsing would be felt as a stutter. */
const LARGE = 1_000_000

/** Parses UTF-8 JSON. Rejects with SyntaxError when it is damaged, with the signal's reason when that is aborted. */
export async function parseJson(bytes: ArrayBuffer, signal?: AbortSignal): Promise<unknown> {
  const worker = bytes.byteLength > LARGE ? workerIfAny() : null
  return worker === null ? parseHere(bytes) : parseIn(worker, bytes, signal)
}

function parseHere(bytes: ArrayBuffer): unknown {
  return parseVisibly(new TextDecoder().decode(bytes))
}

/** Null where the browser has no workers, or allows none: then the main thread does the work. */
function workerIfAny(): Worker | null {
  if (typeof Worker === 'undefined') return null
  try {
    return new ParseWorker()
  } catch {
    return null
  }
}

function parseIn(worker: Worker, bytes: ArrayBuffer, signal?: AbortSignal): Promise<unknown> {
  const parsed = new Promise<unknown>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ value: unknown } | { error: string }>) =>
      'value' in data ? resolve(data.value) : reject(new SyntaxError(data.error))
    // the worker itself could not be loaded: the answer is here all the same
    worker.onerror = (event) => {
      event.preventDefault()
      try {
        resolve(parseHere(bytes))
      } catch (error) {
        reject(error)
      }
    }
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    // copied, not handed over: where the worker fails it is needed here
    worker.postMessage(bytes)
  })
  return parsed.finally(() => worker.terminate())
}
