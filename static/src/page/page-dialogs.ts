/** The dialogs of the page itself: the search among nodes, the list of keys, the command palette. */

import { html } from 'lit'
import type { PageEvents } from '../ui/events'
import type { CreateFeature } from './feature'
// what is typed right after the key belongs to the search: it cannot wait for its script
import './node-search'

const search: CreateFeature = (page) => {
  const onSelect = (event: CustomEvent<PageEvents['gw-select']>) => {
    event.stopPropagation()
    page.find(event.detail.node)
  }
  return {
    id: 'search',
    slots: {
      dialog: {
        name: 'The search',
        tag: 'gw-search',
        render: () => html`<gw-search .graph=${page.walk.timeline?.graph ?? null} @gw-select=${onSelect}></gw-search>`,
      },
    },
  }
}

const help: CreateFeature = ({ actions }) => ({
  id: 'help',
  slots: {
    dialog: {
      name: 'The list of keys',
      tag: 'gw-help',
      load: () => import('./help-dialog'),
      render: () => html`<gw-help .keys=${actions.help} .editorKeys=${actions.editorKeys}></gw-help>`,
    },
  },
})

const palette: CreateFeature = ({ actions }) => ({
  id: 'palette',
  slots: {
    dialog: {
      name: 'The list of actions',
      tag: 'gw-palette',
      load: () => import('./command-palette'),
      render: () => html`<gw-palette .actions=${actions.all}></gw-palette>`,
    },
  },
})

export const PAGE_DIALOGS: readonly CreateFeature[] = [search, help, palette]
