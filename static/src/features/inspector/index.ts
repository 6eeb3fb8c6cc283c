/** The inspector: the numbers of the node that was selected, or of the one of this step. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'
import { INSPECTOR } from '../../page/slot-host'
import { ranSource } from '../../page/state'
import './inspector-panel'

export const inspector: CreateFeature = (page) => {
  const { store, session, walk } = page
  const load = (id: string) => session.tensor(id)
  return {
    id: INSPECTOR,
    keyRows: [
      {
        shown: '← ↑ → ↓ Home End',
        does: 'In a table or a heatmap of numbers (reached with Tab): from cell to cell; with Ctrl to its corners',
      },
    ],
    slots: {
      panel: {
        order: 50,
        title: () => 'Inspector',
        render: () => {
          const state = store.state
          const node = state.selected ?? walk.activeNode
          return html`<gw-inspector .timeline=${walk.timeline} .step=${state.step} .node=${node}
            .stops=${state.breakpoints.includes(node ?? '')} .pinned=${state.selected !== null} .source=${ranSource(state)}
            .error=${state.head?.outcome.error ?? null} .theme=${state.theme} .load=${load} .parts=${page.nodeParts}
            .state=${state}></gw-inspector>`
        },
      },
    },
  }
}
