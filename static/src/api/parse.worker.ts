/** Parses JSON off the main thread. */

import { parseVisibly } from './visible-text'

self.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
  try {
    self.postMessage({ value: parseVisibly(new TextDecoder().decode(data)) })
  } catch (error) {
    self.postMessage({ error: String(error) })
  }
}
