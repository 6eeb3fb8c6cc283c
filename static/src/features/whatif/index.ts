/** What-if: a number of a leaf is dragged or typed, and the program runs again with it. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'
import { pullable } from './leaf-cells'
import { isLeaf } from './leaf-elements'
import { WhatIf } from './what-if'
import type { WhatIfSlice } from './what-if-state'

export const whatIf: CreateFeature = (page) => {
  const { store, session, client, address, panels, host } = page
  const slice = page.slice<WhatIfSlice>({ id: 'what-if', initial: { whatIf: null } })
  const change = new WhatIf({ store, slice, session, client, address, run: () => page.run() }, host)
  const isVaried = () => slice.state.whatIf !== null || (store.state.head?.program.overrides?.length ?? 0) > 0
  /** Return whether the inspector cannot be seen: then the bar over the stage shows the losses, too. */
  const isAlone = () => panels.projector || panels.panel === 'lesson' || panels.sizes.inspector === 0
  return {
    id: 'what-if',
    keyRows: [
      {
        shown: '↑ ↓ PgUp PgDn Del',
        does: 'On a number that can be dragged: more or less of it, ten times as much, as recorded; with Shift finely; digits type it',
      },
    ],
    slots: {
      stage: {
        render: () => {
          if (isVaried()) void import('./what-if-bar')
          return html`<gw-what-if-bar .view=${change.view} ?alone=${isAlone()}></gw-what-if-bar>`
        },
      },
      inspector: {
        isShown: isLeaf,
        load: () => import('./what-if-card'),
        render: ({ node }) => html`<gw-what-if .view=${change.view} .node=${node}></gw-what-if>`,
      },
    },
    hooks: { escape: () => change.back(), pullable: () => pullable(store.state) },
    connect: () => change,
  }
}
