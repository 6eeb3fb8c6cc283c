/** Training over time: its curves and its film strip, in a drawer below the stage. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'
import type { PageState } from '../../page/state'
import type { PageEvents } from '../../ui/events'
import { stepOfGradient, stepOfValue } from '../../walk/steps'
import './training-drawer'

/** Return whether the run has more than one iteration. */
function trains({ head }: PageState): boolean {
  return (head?.iterations.length ?? 0) > 1
}

export const training: CreateFeature = (page) => {
  const { store, session, walk, panels } = page

  /** Goes to what happened: to its iteration, and to the step in which its node has that value or gradient. */
  const visit = async ({ iteration, node, where }: PageEvents['gw-visit']) => {
    await session.showIteration(iteration)
    const { timeline } = walk
    // another place may have been asked for meanwhile, or the iteration could not be fetched
    if (node === null || timeline?.iteration.index !== iteration) return
    page.select(node)
    const step = (where === 'value' ? stepOfValue : stepOfGradient)(timeline.steps, node)
    if (step !== null) walk.player.seek(step)
  }

  return {
    id: 'training',
    actions: [
      {
        id: 'training',
        label: 'Training over time: open or close',
        keys: ['t', 'T'],
        shown: 'T',
        group: 'Look',
        row: { shown: 'T', does: 'Training over time: its curves and its film strip' },
        isEnabled: () => trains(store.state),
        run: () => panels.toggleTraining(),
      },
    ],
    keyRows: [
      {
        shown: '← → PgUp PgDn Enter',
        does: 'In a curve or the film strip (reached with Tab): look at an iteration, go there',
      },
    ],
    slots: {
      drawer: {
        isShown: () => trains(store.state),
        render: () => {
          const state = store.state
          return html`<gw-training-drawer role="region" aria-label="Training over time" data-view=${panels.view} .head=${state.head}
            .graph=${walk.timeline?.graph ?? null} .iteration=${state.iteration} .selected=${state.selected} .theme=${state.theme}
            .look=${session.look} .size=${panels.sizes.training} ?hidden=${panels.sizes.training === 0}
            @gw-visit=${(e: CustomEvent<PageEvents['gw-visit']>) => void visit(e.detail)}
            @gw-resize=${(e: CustomEvent<PageEvents['gw-resize']>) => panels.resize({ training: e.detail.size })}></gw-training-drawer>`
        },
      },
    },
  }
}
