/** The scheduler of layouts: it lays out one view at a time, always the newest, and a large one in a worker, so that the page does not freeze. */

import { html, nothing } from 'lit'
import type { Visible } from './graph-view'
import { type Layout, layout } from './layout'
import LayoutWorker from './layout.worker?worker'
import type { CardSize } from './satellites'

/** The most cards and wires, together, whose layout takes less than a frame or two. */
const SMALL = 160

/** Milliseconds after which the reader is told that a layout is under way. */
const PATIENCE = 150

/** Milliseconds that the page gets to show that work goes on, before the layout takes the main thread. */
const PAINTED = 50

type Sizes = ReadonlyMap<string, CardSize>

export class LayoutScheduler {
  /** The worker is kept from one layout to the next, for starting one takes longer than most layouts. */
  private worker: Worker | null = null
  private under: 'worker' | number | null = null
  private patience = 0

  /** `onWait` is called with the number of cards once a layout takes a while. */
  constructor(private readonly onWait: (cards: number) => void) {}

  /**
   * Give the layout to `done`: at once when the view is small, otherwise later. A layout that is under way is cancelled. Where the browser
   * has no workers, the main thread does the work, after the page has shown that work goes on.
   */
  arrange(view: Visible, sizes: Sizes, done: (layout: Layout) => void, most?: number): void {
    this.start(view, sizes, done, most)
    if (this.under === null) return
    const tell = () => this.under !== null && this.onWait(view.cards.length)
    // the layout takes the main thread before the timer would fire
    if (this.alone) tell()
    this.patience = window.setTimeout(tell, PATIENCE)
  }

  private start(view: Visible, sizes: Sizes, done: (layout: Layout) => void, most?: number): void {
    this.cancel()
    const here = () => {
      this.under = null
      done(layout(view, (card) => sizes.get(card) as CardSize, most))
    }
    if (view.cards.length + view.wires.length <= SMALL) {
      here()
      return
    }
    this.prepare()
    if (this.worker === null) {
      this.under = window.setTimeout(here, PAINTED)
      return
    }
    this.under = 'worker'
    this.worker.onmessage = ({ data }: MessageEvent<Layout>) => {
      this.under = null
      done(data)
    }
    this.worker.onerror = (event) => {
      event.preventDefault()
      this.close()
      this.under = window.setTimeout(here, PAINTED)
    }
    this.worker.postMessage({ view: slim(view), sizes, most })
  }

  /** Start the worker before it is needed. */
  prepare(): void {
    if (this.worker !== null || typeof Worker === 'undefined') return
    try {
      this.worker = new LayoutWorker()
      this.worker.onerror = (event) => {
        event.preventDefault()
        this.close()
      }
    } catch {
      // the main thread does the work
    }
  }

  /** True when the main thread is about to do the work, because there is no worker. */
  get alone(): boolean {
    return typeof this.under === 'number'
  }

  /** Cancel the layout that is under way. */
  cancel(): void {
    if (this.under === 'worker') this.close()
    else if (this.under !== null) window.clearTimeout(this.under)
    this.under = null
    window.clearTimeout(this.patience)
  }

  /** End the worker. */
  close(): void {
    this.worker?.terminate()
    this.worker = null
    if (this.under === 'worker') this.under = null
  }
}

/** Return what the reader is told meanwhile. `alone`: the main thread does the work. */
export function layoutStatus(cards: number, alone: boolean, giveUp: () => void) {
  return html`<p>Arranging ${cards.toLocaleString('en')} cards …
    ${alone ? 'This browser gives the page no worker: it may stand still for a moment, nothing is lost.' : nothing}
    <button @click=${giveUp}>Cancel</button></p>`
}

/** Return the part of a view that a layout reads, for the wires may have thousands of edges. */
function slim({ cards, rooms, wires }: Visible): Visible {
  return {
    cards: cards.map((card) => ({ ...card, takes: [], gives: [] })),
    rooms,
    wires: wires.map((wire) => ({ ...wire, edges: [] })),
  }
}
