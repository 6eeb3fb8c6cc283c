/** Parses JSON off the main thread. */

self.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
  try {
    self.postMessage({ value: JSON.parse(new TextDecoder().decode(data)) })
  } catch (error) {
    self.postMessage({ error: String(error) })
  }
}
