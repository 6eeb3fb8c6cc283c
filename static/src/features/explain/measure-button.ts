/** The button that has a local derivative measured, and cancels that. */

import { html, nothing } from 'lit'
import type { Explanation } from '../../core/contract'
import type { Standing } from './measurements'

const WHY = 'Your program runs again, and the backward of this operation is called alone: what does it multiply by?'

/** A measurement that can be asked for at a card. */
export interface Offer extends Standing {
  press: () => void
}

export function measureButton({ kind }: Explanation, offer: Offer | null) {
  if (offer === null) return nothing
  const name = offer.running ? 'Cancel' : kind === 'measured' ? 'Measure again' : 'Measure it'
  return html`<button class="button measure" title=${offer.running ? 'Stop measuring' : WHY} @click=${offer.press}>${name}</button>`
}

/** Render the progress of a measurement, and its failure. */
export function standing(offer: Offer | null) {
  if (offer?.running) return html`<p class="words">Your program runs again …</p>`
  return offer?.problem ? html`<p class="note">${offer.problem}</p>` : nothing
}
