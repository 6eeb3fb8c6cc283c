/** Jumps to the next or previous step of a kind. They go on in the neighbouring iteration when this one has no such step left. */

import { iterationName } from '../core/iteration-names'
import type { Store } from '../core/store'
import { breakFrom } from '../walk/breakpoints'
import { gradientFrom } from '../walk/gradient-steps'
import type { Timeline } from '../walk/model'
import { missingGradientText } from '../walk/observations'
import type { Page } from './context'
import type { PageState } from './state'

type WalkingPage = Pick<Page, 'store' | 'session' | 'walk'>

type Find = (timeline: Timeline, from: number) => number | null

/** Goes to the next (1) or previous (−1) breakpoint. */
export async function goToBreakpoint(on: WalkingPage, direction: 1 | -1): Promise<void> {
  const all = () => on.store.state.breakpoints
  if (all().length === 0)
    return say(
      on,
      'There is no breakpoint yet: B sets one at the selected node, a click left of a line number at a line.',
    )
  const which = direction === 1 ? 'after' : 'before'
  await go(on, (timeline, from) => breakFrom(all(), timeline, from, direction), direction, {
    entered: (name) => `No breakpoint was left: this is ${name}.`,
    none: `No step ${which} this one is at a breakpoint, here or in the iteration ${which} it.`,
  })
}

/** Goes to the next (1) or previous (−1) gradient that reaches `node`. */
export async function goToGradient(on: WalkingPage, node: string | null, direction: 1 | -1): Promise<void> {
  const { timeline } = on.walk
  if (timeline === null || node === null) return
  // what is asked about stays so while the steps go on
  on.session.select(node)
  const name = timeline.nodes.get(node)?.name ?? timeline.nodes.get(node)?.op ?? 'this node'
  if (gradientFrom(timeline, node, -1, 1) === null)
    return say(on, missingGradientText(timeline, node) ?? `No gradient reaches ${name}.`)
  const which = direction === 1 ? 'later' : 'earlier'
  const find: Find = (now, from) => gradientFrom(now, on.store.state.selected ?? '', from, direction)
  await go(on, find, direction, {
    entered: (now) => `No ${which} gradient reaches ${name} in the iteration before this one: this is ${now}.`,
    none: `No ${which} gradient reaches ${name}.`,
  })
}

interface Words {
  /** When it goes on in the iteration of this name. */
  entered: (iteration: string) => string
  none: string
}

async function go(on: WalkingPage, find: Find, direction: 1 | -1, words: Words): Promise<void> {
  const { timeline } = on.walk
  if (timeline === null) return
  const here = find(timeline, on.store.state.step)
  if (here !== null) {
    hush(on)
    return on.walk.player.seek(here)
  }
  const { iteration, step, head } = on.store.state
  const next = iteration + direction
  if (next < 0 || next >= (head?.iterations.length ?? 0)) return say(on, words.none)
  await on.session.showIteration(next)
  const now = on.walk.timeline
  // another place may have been asked for meanwhile, or the iteration could not be fetched
  if (now?.iteration.index !== next || on.store.state.iteration !== next) return
  const there = find(now, direction === 1 ? -1 : now.steps.length)
  if (there !== null) {
    on.walk.player.seek(there)
    return say(on, words.entered(iterationName(head?.iterations ?? [], next)))
  }
  await on.session.showIteration(iteration)
  if (on.store.state.iteration === iteration) on.walk.player.seek(step)
  say(on, words.none)
}

/** The last notice of a jump, by store: the next jump replaces it, and no other notice. */
const said = new WeakMap<Store<PageState>, string>()

function say({ store }: WalkingPage, text: string): void {
  said.set(store, text)
  store.update({ notice: { kind: 'info', text } })
}

function hush({ store }: WalkingPage): void {
  if (store.state.notice !== null && store.state.notice.text === said.get(store)) store.update({ notice: null })
}
