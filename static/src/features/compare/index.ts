/** Comparing the run on show with another one: two pictures, one walk, a table of differences. */

import { html, nothing } from 'lit'
import type { CreateFeature } from '../../page/feature'
import { Comparison } from './compare'
import { besideOf } from './open-compared-run'

const NOTHING = 'There is nothing to compare yet: the first run must have made a tensor.'

export const compare: CreateFeature = (page) => {
  const { store } = page
  const comparison = new Comparison(page)
  const isShown = () => store.state.pair !== null
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
      picture: {
        name: 'The comparison',
        isShown,
        load: () => import('./compare-view'),
        render: () => comparison.stages(),
      },
      panel: {
        order: 40,
        name: 'The table of differences',
        title: () => 'Differences',
        isShown,
        load: () => import('./difference-panel'),
        render: () => comparison.table(),
      },
      dialog: {
        name: 'The comparison',
        tag: 'gw-compare-dialog',
        load: () => import('./compare-dialog'),
        render: () => {
          const { head, pair, source } = store.state
          const program = (pair?.first ?? head)?.program
          return program === undefined
            ? nothing
            : html`<gw-compare-dialog .program=${program} .edited=${source} .bring=${comparison.bring}></gw-compare-dialog>`
        },
      },
    },
    hooks: {
      loneSteps: () => comparison.loneSteps,
      beforeShow: besideOf(page.client),
    },
    connect: () => comparison.connect(),
  }
}
