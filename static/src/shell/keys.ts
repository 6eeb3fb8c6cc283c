/** The keys of a page: heard wherever they are pressed, unless what has the focus wants them for itself. */

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { type Action, actionFor, belongsToTarget } from '../keyboard'

export class Keys implements ReactiveController {
  /** `act` does what a key asks for; `unheard`: actions that this page does not have. */
  constructor(
    host: ReactiveControllerHost,
    private readonly act: (action: Action) => void,
    private readonly unheard: readonly Action[] = [],
  ) {
    host.addController(this)
  }

  hostConnected(): void {
    window.addEventListener('keydown', this.onKey)
  }

  hostDisconnected(): void {
    window.removeEventListener('keydown', this.onKey)
  }

  private readonly onKey = (event: KeyboardEvent) => {
    const path = event.composedPath()
    const action = actionFor(event)
    if (!action || this.unheard.includes(action) || event.defaultPrevented) return
    if (path.some((target) => target instanceof HTMLDialogElement)) return
    if (action !== 'run' && belongsToTarget(event, path)) return
    event.preventDefault()
    this.act(action)
  }
}
