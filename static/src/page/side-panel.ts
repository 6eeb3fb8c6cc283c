/** The side panel: one tab for each feature that offers one, and the content of the chosen tab. */

import { html, nothing, type TemplateResult } from 'lit'
import type { PageController } from './page-controller'

export function sidePanel({ panels, slots }: PageController): TemplateResult {
  const { tabs } = slots
  const buttons = tabs.map(
    ({ id, view }) => html`<button role="tab" aria-selected=${panels.panel === id} title=${view.hint ?? nothing}
      @click=${() => panels.showPanel(id)}>${view.title()}</button>`,
  )
  return html`<aside class="side" aria-label="Inspector and lesson" ?hidden=${panels.sizes.inspector === 0}>
    ${tabs.length > 1 ? html`<div class="tabs" role="tablist" aria-label="Side panel">${buttons}</div>` : nothing}
    ${slots.panel()}
  </aside>`
}
