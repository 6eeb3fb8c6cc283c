/** The keyboard of a page: keys work everywhere, unless the focused element uses them itself. */

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { belongsToTarget } from '../core/keyboard'
import type { ActionRegistry } from './actions'

export class Keys implements ReactiveController {
  private inDialog = false

  constructor(
    host: ReactiveControllerHost,
    private readonly actions: ActionRegistry,
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
    const action = this.actions.forKey(event)
    if (!action || event.defaultPrevented || this.inDialog) return
    if (!action.anywhere && belongsToTarget(event, path)) return
    event.preventDefault()
    this.actions.run(action.id)
  }
}

/**
 * Return the path of the event without a dialog that has closed: until the next picture is drawn the browser leaves the
 * focus on the button in it when nothing else had the focus before, and the next key would be lost.
 */
function stillThere(path: readonly EventTarget[]): readonly EventTarget[] {
  return path.slice(path.findLastIndex((target) => target instanceof HTMLDialogElement && !target.open) + 1)
}

/** Return whether a modal dialog is open. The focus can be outside of it after Tab, and Escape must close it all the same. */
function showsModal(root: Document | ShadowRoot): boolean {
  if (root.querySelector('dialog:modal') !== null) return true
  return [...root.querySelectorAll('*')].some(({ shadowRoot }) => shadowRoot !== null && showsModal(shadowRoot))
}
