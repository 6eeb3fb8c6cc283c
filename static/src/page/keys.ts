/** The keys of a page: heard wherever they are pressed, unless what has the focus wants them for itself. */

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { type Action, actionFor, belongsToTarget } from '../core/keyboard'

export class Keys implements ReactiveController {
  private inDialog = false

  /** `act` does what a key asks for; `unheard`: actions that this page does not have. */
  constructor(
    host: ReactiveControllerHost,
    private readonly act: (action: Action) => void,
    private readonly unheard: readonly Action[] = [],
  ) {
    host.addController(this)
  }

  hostConnected(): void {
    window.addEventListener('keydown', this.begin, true)
    window.addEventListener('keydown', this.onKey)
  }

  hostDisconnected(): void {
    window.removeEventListener('keydown', this.begin, true)
    window.removeEventListener('keydown', this.onKey)
  }

  /** Asked before anybody acts on the key: what closes a dialog was pressed in it. */
  private readonly begin = (event: KeyboardEvent) => {
    const path = event.composedPath()
    this.inDialog =
      path.some((target) => target instanceof HTMLDialogElement && target.open) ||
      (path[0] === document.body && showsModal(document))
  }

  private readonly onKey = (event: KeyboardEvent) => {
    const path = stillThere(event.composedPath())
    const action = actionFor(event)
    if (!action || this.unheard.includes(action) || event.defaultPrevented) return
    if (this.inDialog) return
    if (action !== 'run' && belongsToTarget(event, path)) return
    event.preventDefault()
    this.act(action)
  }
}

/**
 * Where a key was pressed, without what lies in a dialog that has closed: until the next picture is drawn the browser leaves the
 * focus on the button in it when nothing else had the focus before, and the next key would be lost.
 */
function stillThere(path: readonly EventTarget[]): readonly EventTarget[] {
  return path.slice(path.findLastIndex((target) => target instanceof HTMLDialogElement && !target.open) + 1)
}

/** Whether a dialog covers the page: Tab leads out of its last stop to nothing on the page, and Esc must close it all the same. */
function showsModal(root: Document | ShadowRoot): boolean {
  if (root.querySelector('dialog:modal') !== null) return true
  return [...root.querySelectorAll('*')].some(({ shadowRoot }) => shadowRoot !== null && showsModal(shadowRoot))
}
