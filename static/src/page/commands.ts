/** What each key's action does. */

import type { Action } from '../core/keyboard'
import type { Store } from '../core/store'
import type { PageEvents } from '../ui/events'
import { atNode, toggled } from '../walk/breakpoints'
import { SPEEDS } from '../walk/player'
import { stepOver } from '../walk/step-over'
import { nextPhase, previousPhase, stepOfGradient, stepOfValue } from '../walk/steps'
import { goToBreakpoint, goToGradient } from './jumps'
import { switchTaste } from './preferences'
import type { Session } from './session'
import type { PageState } from './state'
import type { Walk } from './walk'

/** What the actions work on. */
export interface Controls {
  store: Store<PageState>
  session: Session
  walk: Walk
  /** What only the page itself can do. */
  page: {
    run: () => void
    /** Goes on in the lesson, or back. */
    stop: (by: 1 | -1) => void
    search: () => void
    read: () => void
    help: () => void
    projector: () => void
    training: () => void
    share: () => void
    compare: () => void
    build: () => void
    /** To the next (1) or previous (−1) finding. */
    finding: (direction: 1 | -1) => void
    predict: () => void
    check: () => void
    escape: () => void
    fit: () => void
    zoomBy: (factor: number) => void
    toggleAll: () => void
    /** The nodes of the group that a node is in, as it is drawn; empty outside of all. */
    group: (node: string) => ReadonlySet<string>
  }
}

const ZOOM = 1.25

export function perform(action: Action, { store, session, walk, page }: Controls): void {
  const { step, iteration } = store.state
  const steps = walk.timeline?.steps ?? []
  const phases = walk.timeline?.phases ?? []
  const on = { store, session, walk }
  const node = store.state.selected ?? walk.activeNode
  const group = () => page.group(walk.activeNode ?? '')
  const seek = (target: number) => walk.player.seek(target)
  const speed = (n: 1 | 2 | 3 | 4 | 5) => () => walk.player.setSpeed(SPEEDS[n - 1] ?? 1)
  const does: Record<Action, () => unknown> = {
    play: () => walk.player.toggle(),
    'previous-step': () => seek(step - 1),
    'next-step': () => seek(step + 1),
    'previous-phase': () => seek(previousPhase(phases, step)),
    'next-phase': () => seek(nextPhase(phases, step)),
    'first-step': () => seek(0),
    'last-step': () => seek(steps.length - 1),
    'previous-iteration': () => void session.showIteration(iteration - 1),
    'next-iteration': () => void session.showIteration(iteration + 1),
    'next-stop': () => page.stop(1),
    'previous-stop': () => page.stop(-1),
    'speed-1': speed(1),
    'speed-2': speed(2),
    'speed-3': speed(3),
    'speed-4': speed(4),
    'speed-5': speed(5),
    'zoom-in': () => page.zoomBy(ZOOM),
    'zoom-out': () => page.zoomBy(1 / ZOOM),
    fit: page.fit,
    'toggle-all': page.toggleAll,
    search: page.search,
    read: page.read,
    projector: page.projector,
    training: page.training,
    share: page.share,
    compare: page.compare,
    predict: page.predict,
    check: page.check,
    help: page.help,
    escape: page.escape,
    run: page.run,
    live: () => switchTaste(store, 'live'),
    shapes: () => switchTaste(store, 'shapes'),
    breakpoint: () => node !== null && store.update({ breakpoints: toggled(store.state.breakpoints, atNode(node)) }),
    'next-breakpoint': () => void goToBreakpoint(on, 1),
    'previous-breakpoint': () => void goToBreakpoint(on, -1),
    'next-gradient': () => void goToGradient(on, node, 1),
    'previous-gradient': () => void goToGradient(on, node, -1),
    build: page.build,
    'next-finding': () => page.finding(1),
    'previous-finding': () => page.finding(-1),
    'over-group': () => seek(stepOver(steps, group(), step, 1)),
    'back-over-group': () => seek(stepOver(steps, group(), step, -1)),
  }
  does[action]()
}

/** Goes to what happened in the training: to its iteration, and to the step in which its node has that value or gradient. */
export async function visit(
  { iteration, node, where }: PageEvents['gw-visit'],
  { session, walk, select }: Pick<Controls, 'session' | 'walk'> & { select: (node: string) => void },
): Promise<void> {
  await session.showIteration(iteration)
  const { timeline } = walk
  // Another place may have been asked for meanwhile, or the iteration could not be fetched.
  if (node === null || timeline?.iteration.index !== iteration) return
  select(node)
  const step = (where === 'value' ? stepOfValue : stepOfGradient)(timeline.steps, node)
  if (step !== null) walk.player.seek(step)
}
