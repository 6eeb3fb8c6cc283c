/** Laying out without freezing the page: what is large is laid out in a worker, one view at a time, the newest. */

import { html, nothing } from 'lit'
import type { Visible } from './graph-view'
import { type Layout, layout } from './layout'
import LayoutWorker from './layout.worker?worker'
import type { CardSize } from './satellites'

/** Cards and wires up to which a layout takes less than a frame or two. */
const SMALL = 160

/** Milliseconds after which the reader is told that a layout is under way. */
const PATIENCE = 150

/** Milliseconds that the page gets to show that work goes on, before the main thread is taken. */
const PAINTED = 50

type Sizes = ReadonlyMap<string, CardSize>

export class Arranging {
  /** Kept from one layout to the next: to start one takes longer than most layouts. */
  private worker: Worker | null = null
  private under: 'worker' | number | null = null
  private patience = 0

  /** `onWait`: how many cards are being laid out, once that takes a while. */
  constructor(private readonly onWait: (cards: number) => void) {}

  /**
   * Gives the layout to `done`: at once when the view is small, else later. Whatever was under way is given up. Where the browser
   * has no workers, the main thread does the work, after the page has shown that it goes on.
   */
  arrange(view: Visible, sizes: Sizes, done: (layout: Layout) => void, most?: number): void {
    this.start(view, sizes, done, most)
    if (this.under === null) return
    const tell = () => this.under !== null && this.onWait(view.cards.length)
    // the main thread will be taken before patience has an end
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

  /** Starts the worker, for what may come. */
  prepare(): void {
    if (this.worker !== null || typeof Worker === 'undefined') return
    try {
      this.worker = new LayoutWorker()
      this.worker.onerror = (event) => {
        event.preventDefault()
        this.close()
      }
    } catch {
      // the main thread will do
    }
  }

  /** Whether the main thread is about to do it, for want of a worker. */
  get alone(): boolean {
    return typeof this.under === 'number'
  }

  /** Gives up what is under way. */
  cancel(): void {
    if (this.under === 'worker') this.close()
    else if (this.under !== null) window.clearTimeout(this.under)
    this.under = null
    window.clearTimeout(this.patience)
  }

  /** Ends the worker. */
  close(): void {
    this.worker?.terminate()
    this.worker = null
    if (this.under === 'worker') this.under = null
  }
}

/** What the reader is told meanwhile. `alone`: on the main thread. */
export function arrangingText(cards: number, alone: boolean, giveUp: () => void) {
  return html`<p>Arranging ${cards.toLocaleString('en')} cards …
    ${alone ? 'This browser gives the page no worker: it may stand still for a moment, nothing is lost.' : nothing}
    <button @click=${giveUp}>Cancel</button></p>`
}

/** Only what a layout reads: the edges of the wires may be thousands. */
function slim({ cards, rooms, wires }: Visible): Visible {
  return {
    cards: cards.map((card) => ({ ...card, takes: [], gives: [] })),
    rooms,
    wires: wires.map((wire) => ({ ...wire, edges: [] })),
  }
}
