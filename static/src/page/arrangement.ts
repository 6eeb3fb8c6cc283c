/** The arrangement of the panels: the open ones, their sizes, and the view that a small screen shows. */

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Store } from '../core/store'
import { keepSizes, type PanelSizes, readSizes, USUAL, type View } from './panel-sizes'
import type { PageState } from './state'

export class Arrangement implements ReactiveController {
  private shown = 'inspector'
  /** The view that a small screen shows. */
  view: View = 'stage'
  private before: { program: number; panel: string } | null = null

  /** `store` is kept informed whether the training is open, because the address contains it. */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly store: Store<PageState>,
    public sizes: PanelSizes = readSizes(),
  ) {
    host.addController(this)
    store.update({ training: this.sizes.training > 0 })
  }

  /** The id of the feature that the side panel shows. */
  get panel(): string {
    return this.shown
  }

  set panel(panel: string) {
    this.shown = panel
    this.host.requestUpdate()
  }

  /** True if only the picture and the timeline are shown. */
  get projector(): boolean {
    return this.host.hasAttribute('projector')
  }

  set projector(on: boolean) {
    this.host.toggleAttribute('projector', on)
    this.host.requestUpdate()
  }

  hostUpdated(): void {
    for (const [name, size] of Object.entries(this.sizes)) this.host.style.setProperty(`--${name}-size`, `${size}px`)
  }

  resize(size: Partial<PanelSizes>): void {
    this.sizes = { ...this.sizes, ...size }
    keepSizes(this.before ? { ...this.sizes, program: this.before.program } : this.sizes)
    this.store.update({ training: this.sizes.training > 0 })
    this.host.requestUpdate()
  }

  showPanel(panel: string): void {
    this.panel = panel
    if (this.sizes.inspector === 0) this.resize({ inspector: USUAL.inspector })
    this.host.requestUpdate()
  }

  /** On a small screen one view at a time; else only the training comes and goes. */
  showView(view: View): void {
    this.view = view
    if (view === 'training' && this.sizes.training === 0) this.resize({ training: USUAL.training })
    if (view === 'stage') this.resize({ training: 0 })
    this.host.requestUpdate()
  }

  /** Two pictures need the room of the program, until it is opened again; what was open before is open afterwards. */
  compare(on: boolean): void {
    // on a small screen the program has a view of its own
    const wide = matchMedia('(min-width: 900px)').matches
    if (on && wide) this.before ??= { program: this.sizes.program, panel: this.panel }
    const { program, panel } = this.before ?? { program: this.sizes.program, panel: this.panel }
    this.panel = on ? 'differences' : panel === 'differences' ? 'inspector' : panel
    this.sizes = { ...this.sizes, program: on && wide ? 0 : program }
    if (!on) this.before = null
    this.host.requestUpdate()
  }

  toggleTraining(): void {
    this.showView(this.sizes.training > 0 ? 'stage' : 'training')
  }
}
