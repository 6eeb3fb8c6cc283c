/** Starts the worker that parses. A page in one file has another module in this one's place: see vite.player.config.ts. */

export function startParseWorker(): Worker {
  return new Worker(new URL('./parse.worker.ts', import.meta.url), { type: 'module' })
}
