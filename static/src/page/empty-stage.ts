/** The text that stands on the stage when there is no picture. */

import { html, nothing, type TemplateResult } from 'lit'
import { remarkOn } from '../api/sound'
import type { PageState } from './state'

export function emptyStage({ head, busy, lesson }: PageState): TemplateResult | typeof nothing {
  if (busy?.what === 'opening') return nothing
  if (busy?.what === 'preparing')
    return html`<p class="nothing">The server has just started and is preparing its lessons.<br />The picture will come by itself.</p>`
  if (head && (head.iterations.length > 0 || remarkOn(head) !== null))
    return html`<p class="nothing">This picture cannot be drawn.<br />The program and what it printed are here.</p>`
  if (head?.outcome.error) return html`<p class="nothing">The program stopped before it made a tensor.</p>`
  if (head) return html`<p class="nothing">This program made no tensors: there is nothing to draw.</p>`
  return lesson ? html`<p class="nothing">Press Run to see this program.</p>` : nothing
}
