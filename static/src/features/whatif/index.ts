/** What if a number were another one: it is dragged or typed, and the program runs again with it. */

import type { CreateFeature } from '../../page/feature'
import { WhatIf } from './what-if'
import { whatIfBar } from './what-if-slots'

export const whatIf: CreateFeature = (page) => {
  const { store, session, client, address, panels, host } = page
  const hand = new WhatIf({ store, session, client, address, run: () => page.run() }, host)
  const alone = () => host.matches('[projector]') || panels.panel === 'lesson' || panels.sizes.inspector === 0
  return {
    id: 'what-if',
    keyRows: [
      {
        shown: '↑ ↓ PgUp PgDn Del',
        does: 'On a number that can be dragged: more or less of it, ten times as much, as recorded; with Shift finely; digits type it',
      },
    ],
    slots: { stage: { render: () => whatIfBar(store.state, alone()) } },
    hooks: { escape: () => hand.back() },
    connect: () => hand,
  }
}
