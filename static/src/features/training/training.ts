/** Where the training over time stands. */

import { html } from 'lit'
import type { Store } from '../../core/store'
import type { Arrangement } from '../../page/arrangement'
import { visit } from '../../page/commands'
import type { Session } from '../../page/session'
import type { PageState } from '../../page/state'
import type { Walk } from '../../page/walk'
import type { PageEvents } from '../../ui/events'

/** What the drawer shows and changes of the page. */
export interface TrainingRoom {
  store: Store<PageState>
  session: Session
  walk: Walk
  arrangement: Arrangement
}

/** Whether there is anything to see over time. */
export function trains({ head }: PageState): boolean {
  return (head?.iterations.length ?? 0) > 1
}

/** `select`: what the page does with a node that is chosen in a curve. */
export function trainingDrawer(
  { store, session, walk, arrangement }: TrainingRoom,
  select: (node: string | null) => void,
) {
  const page = store.state
  return html`<gw-training-drawer role="region" aria-label="Training over time" data-view=${arrangement.view} .head=${page.head}
    .graph=${walk.timeline?.graph ?? null} .iteration=${page.iteration} .selected=${page.selected} .theme=${page.theme}
    .look=${session.look} .size=${arrangement.sizes.training} ?hidden=${arrangement.sizes.training === 0}
    @gw-action=${() => arrangement.toggleTraining()}
    @gw-iteration=${(e: CustomEvent<PageEvents['gw-iteration']>) => void session.showIteration(e.detail.index)}
    @gw-select=${(e: CustomEvent<PageEvents['gw-select']>) => select(e.detail.node)}
    @gw-visit=${(e: CustomEvent<PageEvents['gw-visit']>) => void visit(e.detail, { session, walk, select })}
    @gw-resize=${(e: CustomEvent<PageEvents['gw-resize']>) => arrangement.resize({ training: e.detail.size })}></gw-training-drawer>`
}
