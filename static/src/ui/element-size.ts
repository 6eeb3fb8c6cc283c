/** The size of an element in CSS pixels: a curve is drawn for the pixels that there are. */

import type { ReactiveController, ReactiveControllerHost } from 'lit'

export class Measured implements ReactiveController {
  width = 0
  height = 0
  private readonly observer = new ResizeObserver(([entry]) => {
    const { width = 0, height = 0 } = entry?.contentRect ?? {}
    if (width === this.width && height === this.height) return
    this.width = width
    this.height = height
    this.host.requestUpdate()
  })

  /** `part`: the element to measure, once the host has rendered; the host itself when it is left out. */
  constructor(
    private readonly host: ReactiveControllerHost & Element,
    private readonly part: () => Element = () => host,
  ) {
    host.addController(this)
  }

  hostUpdated(): void {
    // Observing what is observed already does nothing.
    this.observer.observe(this.part())
  }

  hostDisconnected(): void {
    this.observer.disconnect()
  }
}
