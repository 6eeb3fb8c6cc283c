/** Findings: what goes wrong in the program, in a list beside the inspector and in a sentence for those who do not see it. */

import { html, nothing } from 'lit'
import type { Finding } from '../../core/contract'
import { memoiseLast } from '../../core/memoise'
import type { CreateFeature } from '../../page/feature'
import { nodeDecorations, UNDECORATED } from '../../stage/decorations'
import { form } from '../../ui/severity-mark'
import { severitiesIn, summary } from '../../walk/finding'
import { FindingsWatch } from './findings-watch'

export const findings: CreateFeature = (page) => {
  const { store, panels } = page
  const watch = new FindingsWatch(page)
  const found = () => store.state.findings
  const marks = memoiseLast((all: readonly Finding[], graph: number | null) =>
    graph === null
      ? UNDECORATED
      : nodeDecorations([...severitiesIn(all, graph)].map(([node, severity]) => [node, { severity }])),
  )
  return {
    id: 'findings',
    actions: [
      {
        id: 'next-finding',
        label: 'Next finding',
        keys: ['w'],
        shown: 'W',
        group: 'Look',
        row: {
          shown: 'W Shift + W',
          does: 'What goes wrong: to the next or previous finding, its iteration, step and node',
        },
        run: () => watch.turn(1),
      },
      {
        id: 'previous-finding',
        label: 'Previous finding',
        keys: ['W'],
        shown: 'Shift + W',
        group: 'Look',
        run: () => watch.turn(-1),
      },
    ],
    slots: {
      panel: {
        order: 60,
        name: 'The list of findings',
        hint: 'What goes wrong in this program (W)',
        title: () => {
          const [worst] = found()
          const count = worst && html` <span class="badge ${worst.severity}">${form(worst)}${found().length}</span>`
          return html`Findings${count ?? nothing}`
        },
        // once it is open it stays, though the last finding is gone
        isShown: () => found().length > 0 || panels.panel === 'findings',
        load: () => import('./findings-list'),
        render: () => {
          const { head, iteration } = store.state
          if (head === null) return nothing
          return html`<gw-findings .findings=${found()} .head=${head} .chosen=${watch.chosen} .iteration=${iteration}
            @gw-finding=${(e: CustomEvent<{ finding: Finding }>) => void watch.go(e.detail.finding)}></gw-findings>`
        },
      },
      status: {
        render: () => {
          const told = summary(found())
          return html`<p class="heard" role="status">${told === '' ? '' : `${told}. W goes to the first one.`}</p>`
        },
      },
    },
    decorations: () => marks(found(), page.walk.timeline?.graph.id ?? null),
    connect: () => {
      watch.connect()
      return watch
    },
  }
}
