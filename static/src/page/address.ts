/** Keeps the browser's address equal to what is on show. */

import type { Store } from '../core/store'
import type { Slices } from './slices'
import { currentPlace, type PageState } from './state'
import { formatPlace, type Place, parsePlace } from './url'

/** Milliseconds: browsers refuse an address that changes at the pace of a held key. */
const QUIET = 150

export class Address {
  private timer = 0

  constructor(
    private readonly store: Store<PageState>,
    private readonly slices: Pick<Slices, 'parameters'>,
  ) {}

  /** Keeps the address equal to what is on show from now on. */
  follow(): void {
    this.store.subscribe((state) => {
      if (underWay(state) || this.timer !== 0) return
      this.timer = window.setTimeout(() => this.replace(), QUIET)
    })
  }

  /** The place that the address names. */
  get place(): Place {
    return parsePlace(new URL(window.location.href))
  }

  /** The whole link to what is on show. */
  get link(): string {
    const place = { ...currentPlace(this.store.state), parameters: this.slices.parameters() }
    return new URL(formatPlace(place), window.location.href).href
  }

  /** A new entry in the browser's history, so that Back returns to what was on show before. */
  push(): void {
    if (this.link !== window.location.href) window.history.pushState(null, '', this.link)
  }

  /** The entry of the history in which the page is leads to `link` from now on. */
  stay(link: string): void {
    window.history.replaceState(null, '', link)
  }

  private replace(): void {
    this.timer = 0
    if (underWay(this.store.state)) return
    if (this.link !== window.location.href) this.stay(this.link)
  }
}

/**
 * Until the place that the address names is on show, the address is right and the page is not. While a number is dragged, run
 * follows run: browsers refuse an address that follows them all.
 */
function underWay({ busy, variation }: PageState): boolean {
  return busy?.what === 'opening' || busy?.what === 'preparing' || (variation?.moving ?? false)
}
