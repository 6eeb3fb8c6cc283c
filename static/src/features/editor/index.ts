/** The editor of the program: it marks the lines of what is on show, and runs the program while it is being written. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'
import { draftKey, isEdited, ranSource } from '../../page/state'
import type { PageEvents } from '../../ui/events'
import { atLine, linesOf, toggled } from '../../walk/breakpoints'
import { EDITOR_SHORTCUTS } from './editor-keys'
import { LiveRuns } from './live-runs'
import { marksOf } from './program-marks'
import './editor-panel'

export const editor: CreateFeature = (page) => {
  const { store, session, walk } = page
  const writing = {
    looksWhole: async (source: string) => (await import('./codemirror')).looksWhole(source),
    isChoosing: () => page.editor?.choosing ?? false,
  }
  return {
    id: 'editor',
    editorKeys: EDITOR_SHORTCUTS,
    slots: {
      program: {
        render: () => {
          const state = store.state
          const onBreak = (e: CustomEvent<PageEvents['gw-break']>) =>
            store.update({ breakpoints: toggled(state.breakpoints, atLine(e.detail.line)) })
          return html`<gw-editor .source=${state.source} .program=${draftKey(state)} .ran=${ranSource(state)}
            .marks=${marksOf(state, walk.timeline)} .timeline=${walk.timeline} .step=${state.step}
            .edited=${state.head !== null && isEdited(state)} .shapes=${state.shapes} .live=${state.live} .draft=${state.draft}
            .breaks=${linesOf(state.breakpoints)} @gw-break=${onBreak}
            @gw-edit=${(e: CustomEvent<PageEvents['gw-edit']>) => session.drafting.edit(e.detail.source)}
            @gw-reset=${() => session.drafting.reset()} @gw-swap-drafts=${() => session.drafting.swapDrafts()}></gw-editor>`
        },
      },
    },
    connect: () => new LiveRuns(store, session, writing),
  }
}
