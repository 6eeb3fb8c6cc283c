/** The builder: a network is chosen by hand, and its program comes into the editor. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'

export const builder: CreateFeature = (page) => {
  const build = (spec: unknown, signal: AbortSignal) => page.client.build(spec, signal)

  /** The reader's own text is kept as a draft, and the editor offers it. */
  const put = ({ source, run }: { source: string; run: boolean }) => {
    page.session.drafting.put(source)
    page.showLine(1)
    if (run) void page.run()
  }

  return {
    id: 'builder',
    actions: [
      {
        id: 'build',
        label: 'Build a network',
        keys: ['m', 'M'],
        shown: 'M',
        group: 'Program',
        row: { shown: 'M', does: 'Make a network: choose data, layers, loss and optimizer, and get its program' },
        button: { text: 'Build', hint: 'Build a network without writing code (M)', side: 'left', order: 10 },
        run: () => page.openDialog('builder'),
      },
    ],
    slots: {
      dialog: {
        name: 'The builder',
        tag: 'gw-builder',
        load: () => import('./builder-dialog'),
        render: () => html`<gw-builder .build=${build}
          @gw-built=${(e: CustomEvent<{ source: string; run: boolean }>) => put(e.detail)}></gw-builder>`,
      },
    },
  }
}
