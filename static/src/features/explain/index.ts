/** Explanations: why the number of a node is what it is, with its formulas, and the check of a gradient. */

import { html } from 'lit'
import { createRef, ref } from 'lit/directives/ref.js'
import type { CreateFeature } from '../../page/feature'
import type { ExplainView } from './explain-view'
import { Explanations, type Where } from './explanations'

const NOTHING =
  'There is no gradient to check in the inspector: go to a backward step, or select a node that its gradient has reached.'

export const explain: CreateFeature = (page) => {
  const { store, walk } = page
  const explanations = new Explanations(page.client)
  const view = createRef<ExplainView>()
  let where: Where | null = null

  /** The iteration on show. Null where the graph is that of two runs, which the server does not know. */
  const here = () => {
    const { head, body, pair } = store.state
    if (head === null || body === null || pair !== null) return null
    if (where?.id !== head.id || where.iteration !== body.index) where = { id: head.id, iteration: body.index }
    return where
  }

  return {
    id: 'explain',
    actions: [
      {
        id: 'check',
        label: 'Verify the gradient',
        keys: ['v', 'V'],
        shown: 'V',
        group: 'Look',
        row: {
          shown: 'V',
          does: 'Verify the gradient in the inspector: your program runs again with the number moved a little',
        },
        run: () => {
          // before its script has come, the element has no gradient on show either
          if (!view.value?.check?.()) page.notify({ kind: 'info', text: NOTHING })
        },
      },
    ],
    slots: {
      explanation: {
        load: () => import('./explain-view'),
        render: ({
          node,
          chosen,
          short,
        }) => html`<gw-explain ${ref(view)} .explanations=${explanations} .where=${here()}
          .timeline=${walk.timeline} .step=${store.state.step} .node=${node.id} .chosen=${chosen}>${short}</gw-explain>`,
      },
    },
  }
}
