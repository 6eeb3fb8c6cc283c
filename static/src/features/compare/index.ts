/** Comparing the run on show with another one: two pictures, one walk, a table of differences. */

import { html, nothing } from 'lit'
import type { CreateFeature } from '../../page/feature'
import { Comparing } from './compare'
import { besideOf } from './open-compared-run'

const NOTHING = 'There is nothing to compare yet: the first run must have made a tensor.'

export const compare: CreateFeature = (page) => {
  const { store, session, walk, panels } = page
  const runs = new Comparing(page.host, page.client, {
    store,
    session,
    walk,
    arrangement: panels,
    open: page.open.bind(page),
  })
  const ask = () => {
    const { head } = store.state
    const isEmpty = head === null || head.iterations.length === 0
    return isEmpty ? page.notify({ kind: 'info', text: NOTHING }) : page.openDialog('differences')
  }
  return {
    id: 'differences',
    actions: [
      {
        id: 'compare',
        label: 'Compare with another run',
        keys: ['c', 'C'],
        shown: 'C',
        group: 'Look',
        row: { shown: 'C', does: 'Compare the run with another one; Esc ends it' },
        button: { text: 'Compare', hint: 'Compare this run with another one (C)', side: 'right', order: 20 },
        run: ask,
      },
    ],
    slots: {
      picture: { isShown: () => runs.shown, render: () => runs.stages() },
      panel: {
        order: 40,
        title: () => 'Differences',
        isShown: () => store.state.comparedRun !== null,
        render: () => runs.table(),
      },
      dialog: {
        name: 'The comparison',
        tag: 'gw-compare-dialog',
        load: () => import('./compare-dialog'),
        render: () => {
          const { head, comparedRun, source } = store.state
          const program = (comparedRun?.first ?? head)?.program
          return program === undefined
            ? nothing
            : html`<gw-compare-dialog .program=${program} .edited=${source} .bring=${runs.bring}></gw-compare-dialog>`
        },
      },
    },
    hooks: {
      loneSteps: () => runs.lone,
      beforeShow: besideOf(page.client),
    },
  }
}
