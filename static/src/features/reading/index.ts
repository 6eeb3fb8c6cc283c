/** The graph as text: each node with its numbers at this step, in a dialog. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'
import { send } from '../../ui/events'

const NONE = 'There is no graph to read yet: the program must have made a tensor.'

export const reading: CreateFeature = (page) => {
  const { store, walk } = page
  const onSelect = (event: CustomEvent<{ node: string | null }>) => {
    event.stopPropagation()
    page.find(event.detail.node)
  }
  return {
    id: 'reading',
    actions: [
      {
        id: 'read',
        label: 'Read the graph as text',
        keys: ['a', 'A'],
        shown: 'A',
        group: 'Look',
        row: { shown: 'A', does: 'Read the graph as text: each node with its numbers at this step' },
        run: () => (walk.timeline === null ? page.notify({ kind: 'info', text: NONE }) : page.openDialog('reading')),
      },
    ],
    slots: {
      stage: { render: () => asText },
      dialog: {
        name: 'The graph as text',
        tag: 'gw-reading',
        load: () => import('./reading-dialog'),
        render:
          () => html`<gw-reading .timeline=${walk.timeline} .step=${store.state.step} .findings=${store.state.findings}
          @gw-select=${onSelect}></gw-reading>`,
      },
    },
  }
}

/** A link that is visible while it has the focus; with a pointer the text is opened from the list of all keys. */
const asText = html`<button class="button as-text" aria-keyshortcuts="A"
  @click=${(e: Event) => send(e.currentTarget as EventTarget, 'gw-action', { action: 'read' })}>Read the graph as text</button>`
