/** The keyboard focus on the stage: Tab stops at one card, and arrow keys walk from card to card (neighbours.ts knows where to). */

import { type Ground, leadsTo, WAYS } from './neighbours'

/** The elements of the stage that can have the focus. */
const STOPS = 'g.node, g.closed-room, g.title'

export class KeyboardFocus {
  /** True while the arrow keys walk along the edges. Otherwise they move through the steps, as everywhere on the page. */
  walking = false
  private stop: SVGGElement | null = null

  /** `onChange` is called after walking has begun or ended; `bring` shows a place that may be out of view. */
  constructor(
    private readonly canvas: SVGGElement,
    private readonly ground: () => Ground | null,
    private readonly onChange: () => void,
    private readonly bring: (id: string) => void,
  ) {}

  /** Listen to what happens in `svg`, whose shadow root is `root`. */
  listen(svg: SVGSVGElement, root: ShadowRoot): void {
    // at the root, for an svg element that listens to the focus becomes a stop of the Tab key
    root.addEventListener('focusin', (event) => this.onFocus(event.target as Element))
    root.addEventListener('focusout', (event) => {
      if (!this.canvas.contains((event as FocusEvent).relatedTarget as Element | null)) this.walk(false)
    })
    svg.addEventListener('pointerdown', () => this.walk(false))
    const onKey = (event: KeyboardEvent) => {
      if (!this.press(event)) return
      event.preventDefault()
      event.stopPropagation()
    }
    // in the capture phase, before the cards: the key that opens a card also begins the walk
    svg.addEventListener('keydown', onKey, true)
  }

  /** Let Tab lead to the first of these cards that is drawn, else to the first card of all, while the focus is elsewhere. */
  aim(...wanted: readonly (string | null)[]): void {
    if (this.stop?.isConnected && (this.focused !== null || idOf(this.stop) === wanted.find((id) => id !== null)))
      return
    const found = wanted.map((id) => (id === null ? null : this.find(id))).find((one) => one !== null)
    this.hold(found ?? this.canvas.querySelector<SVGGElement>(STOPS))
  }

  /** Give the focus to the card or room of this id, if it is drawn. */
  take(id: string): void {
    this.find(id)?.focus({ preventScroll: true })
  }

  private onFocus(target: Element): void {
    const stop = target.closest<SVGGElement>(STOPS)
    if (stop === null) return
    this.hold(stop)
    // a card that was clicked has the focus too, but there the arrow keys still move through the steps
    if (!stop.matches(':focus-visible')) return
    this.walk(true)
    this.bring(idOf(stop))
  }

  /** Do what a key asks for in the graph. Returns whether the key was meant for the graph. */
  private press({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
    const stop = this.focused
    if (stop === null || ctrlKey || metaKey || altKey) return false
    if (key === 'Enter' || key === ' ') this.walk(true)
    if (!this.walking || shiftKey) return false
    if (key === 'Escape') {
      // the focus stays, and the arrow keys move through the steps again
      this.walk(false)
      return true
    }
    const [way, ground] = [WAYS[key], this.ground()]
    if (way === undefined || ground === null) return false
    const next = leadsTo(ground, idOf(stop), way)
    if (next !== null) this.take(next)
    return true
  }

  private walk(walking: boolean): void {
    if (this.walking === walking) return
    this.walking = walking
    this.onChange()
  }

  private hold(stop: SVGGElement | null): void {
    if (stop === this.stop) return
    this.stop?.setAttribute('tabindex', '-1')
    this.stop = stop
    stop?.setAttribute('tabindex', '0')
  }

  private get focused(): SVGGElement | null {
    // every frame asks: a search among a thousand cards would take too much of it
    const at = (this.canvas.getRootNode() as ShadowRoot).activeElement
    return at?.matches(STOPS) && this.canvas.contains(at) ? (at as SVGGElement) : null
  }

  private find(id: string): SVGGElement | null {
    const name = CSS.escape(id)
    return this.canvas.querySelector<SVGGElement>(
      `g.node[data-node="${name}"], g.closed-room[data-fold="${name}"], g.room[data-fold="${name}"] > g.title`,
    )
  }
}

function idOf(stop: SVGGElement): string {
  const owner = stop.closest<SVGGElement>('[data-node], [data-fold]')
  return owner?.dataset.node ?? owner?.dataset.fold ?? ''
}
