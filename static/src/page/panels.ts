/** What panels are chosen and resized with. */

import { html } from 'lit'
import type { PageEvents } from '../ui/events'
import type { Arrangement } from './arrangement'
import { type PanelSizes, USUAL } from './panel-sizes'

/** Pixels that a panel keeps while it is dragged; smaller, it closes. */
const LEAST = { program: 180, console: 40, inspector: 180, training: 180 } as const

export function tab(name: string, selected: boolean, choose: () => void) {
  return html`<button role="tab" aria-selected=${selected} @click=${choose}>${name}</button>`
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
