/** Laying out without freezing the page: what is large is laid out in a worker, one view at a time, the newest. */

import { type Layout, layout } from './layout'
import type { CardSize } from './satellites'
import type { Visible } from './view'

/** Cards and wires up to which a layout takes less than a frame or two. */
const SMALL = 160

type Sizes = ReadonlyMap<string, CardSize>

export class Arranging {
  private worker: Worker | null = null
  private timer = 0

  /**
   * Gives the layout to `done`: at once when the view is small, else later. Whatever was under way is given up. Where the browser
   * has no workers, the main thread does the work, after the page has shown that it goes on.
   */
  arrange(view: Visible, sizes: Sizes, done: (layout: Layout) => void): void {
    this.cancel()
    const here = () => done(layout(view, (card) => sizes.get(card) as CardSize))
    if (view.cards.length + view.wires.length <= SMALL) {
      here()
      return
    }
    const worker = begin()
    if (worker === null) {
      this.later(here)
      return
    }
    this.worker = worker
    worker.onmessage = ({ data }: MessageEvent<Layout>) => {
      this.cancel()
      done(data)
    }
    worker.onerror = (event) => {
      event.preventDefault()
      this.cancel()
      this.later(here)
    }
    worker.postMessage({ view: slim(view), sizes })
  }

  /** Whether a layout is under way. */
  get busy(): boolean {
    return this.worker !== null || this.timer !== 0
  }

  /** Gives up what is under way. */
  cancel(): void {
    this.worker?.terminate()
    this.worker = null
    window.clearTimeout(this.timer)
    this.timer = 0
  }

  private later(work: () => void): void {
    this.timer = window.setTimeout(() => {
      this.timer = 0
      work()
    }, 50)
  }
}

function begin(): Worker | null {
  if (typeof Worker === 'undefined') return null
  try {
    return new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
  } catch {
    return null
  }
}

/** Only what a layout reads: the edges of the wires may be thousands. */
function slim({ cards, rooms, wires }: Visible): Visible {
  return {
    cards: cards.map((card) => ({ ...card, takes: [], gives: [] })),
    rooms,
    wires: wires.map((wire) => ({ ...wire, edges: [] })),
  }
}
