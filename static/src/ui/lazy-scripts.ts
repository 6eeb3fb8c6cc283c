/** The scripts of a part of an element: loaded when the part is needed. The element shows what it can when they cannot be loaded. */

import type { ReactiveControllerHost } from 'lit'

export class LazyScripts {
  /** "lost": the last attempt failed. */
  state: 'absent' | 'loading' | 'loaded' | 'lost' = 'absent'

  /** `host` is rendered again whenever the state has changed. */
  constructor(
    private readonly host: Pick<ReactiveControllerHost, 'requestUpdate'>,
    private readonly scripts: () => Promise<unknown>,
  ) {}

  /** Load the scripts, unless that is done or under way. A lost part is tried again. */
  async load(): Promise<void> {
    if (this.state === 'loading' || this.state === 'loaded') return
    this.change('loading')
    try {
      await this.scripts()
      this.change('loaded')
    } catch {
      this.change('lost')
    }
  }

  private change(state: LazyScripts['state']): void {
    this.state = state
    this.host.requestUpdate()
  }
}
