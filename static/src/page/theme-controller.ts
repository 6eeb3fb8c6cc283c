/** The theme of a page: the reader's choice, or the system's until there is one. */

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Store } from '../core/store'
import { chooseTheme, followSystem, showTheme, type Theme } from '../core/theme'
import type { PageState } from './state'

export class Theming implements ReactiveController {
  private stop = () => {}

  constructor(
    host: ReactiveControllerHost,
    private readonly store: Store<PageState>,
  ) {
    host.addController(this)
  }

  hostConnected(): void {
    showTheme(this.store.state.theme)
    this.stop = followSystem((theme) => this.show(theme, showTheme))
  }

  hostDisconnected(): void {
    this.stop()
  }

  switch(): void {
    this.show(this.store.state.theme === 'light' ? 'dark' : 'light', chooseTheme)
  }

  private show(theme: Theme, paint: (theme: Theme) => void): void {
    paint(theme)
    this.store.update({ theme })
  }
}
