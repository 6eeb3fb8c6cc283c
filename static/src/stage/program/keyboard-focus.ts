/** The one card of the stage that Tab stops at, and the keys that walk from card to card. Thin: roving.ts knows the ways. */

import { type Ground, leadsTo, WAYS } from './neighbours'

/** Everything on the stage that can have the focus. */
const STOPS = 'g.node, g.closed-room, g.title'

export class Focus {
  /** Whether the arrow keys walk along the edges; else they are the timeline's, as everywhere on the page. */
  walking = false
  private stop: SVGGElement | null = null

  /** `onChange`: after walking began or ended. `bring`: shows a place that may be out of view. */
  constructor(
    private readonly canvas: SVGGElement,
    private readonly ground: () => Ground | null,
    private readonly onChange: () => void,
    private readonly bring: (id: string) => void,
  ) {}

  /** Listens to what happens in `svg`, whose shadow root is `root`. */
  listen(svg: SVGSVGElement, root: ShadowRoot): void {
    // not at the svg itself: whatever in an svg listens to the focus is a stop of Tab
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
    // before the cards: what opens one also begins the walk
    svg.addEventListener('keydown', onKey, true)
  }

  /** Where Tab shall lead while the reader is elsewhere: to one of these that is drawn, else to the first card. */
  aim(...wanted: readonly (string | null)[]): void {
    if (this.stop?.isConnected && (this.focused !== null || idOf(this.stop) === wanted.find((id) => id !== null)))
      return
    const found = wanted.map((id) => (id === null ? null : this.find(id))).find((one) => one !== null)
    this.hold(found ?? this.canvas.querySelector<SVGGElement>(STOPS))
  }

  /** Gives the focus to what has this id, where it is drawn. */
  take(id: string): void {
    this.find(id)?.focus({ preventScroll: true })
  }

  private onFocus(target: Element): void {
    const stop = target.closest<SVGGElement>(STOPS)
    if (stop === null) return
    this.hold(stop)
    // a card that was clicked has the focus too, and the arrow keys must step on
    if (!stop.matches(':focus-visible')) return
    this.walk(true)
    this.bring(idOf(stop))
  }

  /** Does what a key asks for in the graph. Tells whether it was for the graph. */
  private press({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
    const stop = this.focused
    if (stop === null || ctrlKey || metaKey || altKey) return false
    if (key === 'Enter' || key === ' ') this.walk(true)
    if (!this.walking || shiftKey) return false
    if (key === 'Escape') {
      // the focus stays, the arrow keys step
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
    // asked for with every frame: to search among a thousand cards would take a part of it
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
