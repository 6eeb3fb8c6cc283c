/** Sharing and export: the link to a step, its picture, files for other programs. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'
import { narrate } from '../../walk/sentences'
import { takeawayOf } from './takeaway'
// the link is there at once, also when the server is gone
import './share-dialog'

export const takeaway: CreateFeature = (page) => {
  const share = () => {
    const { timeline } = page.walk
    const sentence = timeline ? narrate(timeline, page.store.state.step).text : ''
    return page.openDialog('takeaway', takeawayOf(page.store.state, page.address.link, sentence, page.stage))
  }
  return {
    id: 'takeaway',
    actions: [
      {
        id: 'share',
        label: 'Share this step',
        keys: ['l', 'L'],
        shown: 'L',
        group: 'Page',
        row: { shown: 'L', does: 'Link to this step, and files to take away' },
        button: { text: 'Share', hint: 'Link to this step, and files to take away (L)', side: 'right', order: 30 },
        run: share,
      },
    ],
    slots: { dialog: { name: 'What can be taken away', tag: 'gw-share', render: () => html`<gw-share></gw-share>` } },
  }
}
