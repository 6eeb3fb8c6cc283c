/** The places of the page that features fill: what is shown there is loaded when it is shown for the first time. */

import { nothing } from 'lit'
import type { Page } from './context'
import type { DialogView, Feature, PanelView, Slots, SlotView } from './feature'
import { lostText } from './lost'

type Shown = LitShow & HTMLElement
interface LitShow {
  updateComplete?: Promise<unknown>
  show(...given: unknown[]): unknown
}

/** A place where every feature that shows something stands beside the others. */
type Place = Exclude<keyof Slots, 'panel' | 'dialog' | 'explanation' | 'inspector'>

/** The feature whose panel is shown whenever no other is. */
export const INSPECTOR = 'inspector'

export class SlotHost {
  private readonly loaded = new Map<SlotView, 'loading' | 'there' | 'lost'>()
  private readonly opened = new Set<string>()
  private lastPanel = ''

  constructor(
    private readonly page: Pick<Page, 'host' | 'notify' | 'panels'>,
    private readonly features: () => readonly Feature[],
  ) {}

  /** Render the parts of all features in a place. */
  render(place: Place): unknown[] {
    return this.views(place).map((view) => this.draw(view))
  }

  /** Return whether a feature shows something in a place. */
  isFilled(place: Place): boolean {
    return this.views(place).some((view) => this.isThere(view))
  }

  /** The dialogs that were opened, as they are now. */
  dialogs(): unknown[] {
    return this.features().flatMap(({ id, slots }) =>
      slots?.dialog && this.opened.has(id) ? [slots.dialog.render()] : [],
    )
  }

  /** Opens the dialog of a feature; `given`: what its method `show` is given. */
  async openDialog(id: string, ...given: unknown[]): Promise<void> {
    const dialog = this.features().find((one) => one.id === id)?.slots?.dialog
    if (dialog === undefined) throw new Error(`The feature “${id}” has no dialog.`)
    if (!(await this.load(dialog))) return
    this.opened.add(id)
    const { host } = this.page
    host.requestUpdate()
    await host.updateComplete
    await this.show(dialog, given)
  }

  /** The tabs that the side panel offers, in their order. */
  get tabs(): readonly { id: string; view: PanelView }[] {
    const offered = this.features().flatMap(({ id, slots }) =>
      slots?.panel && isShown(slots.panel) ? [{ id, view: slots.panel }] : [],
    )
    return offered.sort((a, b) => a.view.order - b.view.order)
  }

  /** Render the chosen tab of the side panel, or the inspector when that tab has nothing to show. */
  panel(): unknown {
    const { tabs } = this
    const one = (wanted: string) => tabs.find(({ id }) => id === wanted)
    const shown = one(this.page.panels.panel) ?? one(INSPECTOR)
    if (shown === undefined) return nothing
    if (shown.id !== this.lastPanel) this.forgetLoss(shown.view)
    this.lastPanel = shown.id
    return this.draw(shown.view)
  }

  private views(place: Place): SlotView[] {
    return this.features().flatMap(({ slots }) => slots?.[place] ?? [])
  }

  private draw(view: SlotView): unknown {
    if (!this.isThere(view)) return nothing
    if (view.load && !this.loaded.has(view)) void this.load(view)
    return view.render()
  }

  /** Return whether a part is shown and its scripts are not lost. A lost part is loaded again after it was closed. */
  private isThere(view: SlotView): boolean {
    if (isShown(view)) return this.loaded.get(view) !== 'lost'
    this.forgetLoss(view)
    return false
  }

  private forgetLoss(view: SlotView): void {
    if (this.loaded.get(view) === 'lost') this.loaded.delete(view)
  }

  /** Load the scripts of a part; resolve with whether they are there. */
  private async load(view: SlotView): Promise<boolean> {
    if (view.load === undefined) return true
    if (this.loaded.get(view) !== 'there') this.loaded.set(view, 'loading')
    try {
      await view.load()
      this.loaded.set(view, 'there')
      return true
    } catch {
      this.loaded.set(view, 'lost')
      this.page.host.requestUpdate()
      this.page.notify({ kind: 'error', text: lostText(view.name ?? 'This part of the page') })
      return false
    }
  }

  private async show({ tag }: DialogView, given: readonly unknown[]): Promise<void> {
    const dialog = this.page.host.renderRoot.querySelector<Shown>(tag)
    await dialog?.updateComplete
    await dialog?.show(...given)
  }
}

function isShown(view: SlotView): boolean {
  return view.isShown?.() ?? true
}
