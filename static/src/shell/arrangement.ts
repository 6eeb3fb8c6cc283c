/** Which panels stand where: what of the page is open, how large, and which view a small screen shows. */

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { keepSizes, type PanelSizes, readSizes, USUAL, type View } from './layout'

export type Panel = 'lesson' | 'inspector'

export class Arrangement implements ReactiveController {
  private shown: Panel = 'inspector'
  /** What a small screen shows. */
  view: View = 'stage'
  sizes: PanelSizes = readSizes()

  constructor(private readonly host: ReactiveControllerHost & HTMLElement) {
    host.addController(this)
  }

  /** What the side panel shows, where a lesson is open. */
  get panel(): Panel {
    return this.shown
  }

  set panel(panel: Panel) {
    this.shown = panel
    this.host.requestUpdate()
  }

  hostUpdated(): void {
    for (const [name, size] of Object.entries(this.sizes)) this.host.style.setProperty(`--${name}-size`, `${size}px`)
  }

  resize(size: Partial<PanelSizes>): void {
    this.sizes = { ...this.sizes, ...size }
    keepSizes(this.sizes)
    this.host.requestUpdate()
  }

  showPanel(panel: Panel): void {
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

  toggleTraining(): void {
    this.showView(this.sizes.training > 0 ? 'stage' : 'training')
  }
}
