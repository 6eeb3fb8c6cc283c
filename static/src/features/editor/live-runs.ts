/** Run on change: when typing pauses and the text looks whole, it is run. */

import type { Store } from '../../core/store'
import type { Session } from '../../page/session'
import { isEdited, type PageState } from '../../page/state'

/** Milliseconds without a key after which typing has paused. */
const PAUSE = 500

/** Questions to the editor about the text that is being written. */
export interface Writing {
  /** Resolve with whether a text is worth running; a text with an unfinished line is not. */
  looksWhole: (source: string) => Promise<boolean>
  /** Return whether the reader chooses from a list of names: then the word is not finished. */
  isChoosing: () => boolean
}

export class LiveRuns {
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly stop: () => void

  /** `onShown`: there is a new picture. */
  constructor(
    private readonly store: Store<PageState>,
    private readonly session: Pick<Session, 'runLive'>,
    private readonly writing: Writing,
    private readonly onShown: () => void = () => undefined,
  ) {
    this.stop = store.subscribe((state, before) => {
      if (state.source !== before.source || state.live !== before.live) this.wait(state)
    })
  }

  dispose(): void {
    this.stop()
    clearTimeout(this.timer)
  }

  private wait(state: PageState): void {
    clearTimeout(this.timer)
    if (state.live && isEdited(state)) this.timer = setTimeout(() => void this.run(state.source), PAUSE)
  }

  private async run(source: string): Promise<void> {
    if (this.writing.isChoosing()) return this.wait(this.store.state)
    if (!(await this.writing.looksWhole(source)) || !this.isWanted(source)) return
    if (await this.session.runLive()) this.onShown()
  }

  /** Return whether the run is still wanted: no more typing, no other lesson, no run by hand, still switched on. */
  private isWanted(source: string): boolean {
    const { state } = this.store
    const free = state.busy === null || state.busy.what === 'trying' || state.busy.what === 'iteration'
    return free && state.live && state.source === source && isEdited(state) && state.failure?.source !== source
  }
}
