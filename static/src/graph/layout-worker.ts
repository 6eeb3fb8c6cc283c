/** Starts the worker that lays out. A page in one file has another module in this one's place: see vite.player.config.ts. */

export function startLayoutWorker(): Worker {
  return new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
}
