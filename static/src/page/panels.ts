/** Templates for choosing and resizing panels. */

import { html, nothing, type TemplateResult } from 'lit'
import type { PageEvents } from '../ui/events'
import type { Arrangement } from './arrangement'
import { type PanelSizes, USUAL, VIEWS } from './panel-sizes'

/** Pixels that a panel keeps while it is dragged; smaller, it closes. */
const LEAST = { program: 180, console: 40, inspector: 180, training: 180 } as const

/** The tabs of a small screen, which shows one view at a time. `trains`: whether there is a training to see. */
export function viewTabs(panels: Arrangement, trains: boolean): TemplateResult {
  const tabs = VIEWS.map(([view, name]) =>
    view === 'training' && !trains
      ? nothing
      : html`<button role="tab" aria-selected=${panels.view === view}
          @click=${() => panels.showView(view)}>${name}</button>`,
  )
  return html`<nav class="views" aria-label="Views"><div class="tabs" role="tablist" aria-label="Views">${tabs}</div></nav>`
}

/** The edge by which a panel is resized. */
export function split(
  arrangement: Arrangement,
  panel: keyof PanelSizes,
  label: string,
  grows: 'right' | 'left' | 'up',
) {
  const resize = (e: CustomEvent<PageEvents['gw-resize']>) => arrangement.resize({ [panel]: e.detail.size })
  return html`<gw-split .label=${label} .size=${arrangement.sizes[panel]} .usual=${USUAL[panel]} .least=${LEAST[panel]} grows=${grows}
    @gw-resize=${resize}></gw-split>`
}
