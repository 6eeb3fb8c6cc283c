/** The actions of the page itself. Those of features stand with their feature. */

import { atNode, toggled } from '../walk/breakpoints'
import { SPEEDS } from '../walk/player'
import { stepOver } from '../walk/step-over'
import { nextPhase, previousPhase } from '../walk/steps'
import type { Action, KeyRow } from './actions'
import type { Page } from './context'
import { goToBreakpoint, goToGradient } from './jumps'
import { switchTaste } from './preferences'

const ZOOM = 1.25

/** Walking through the steps and the iterations. */
export function walkActions(page: Page): readonly Action[] {
  const { store, session, walk } = page
  const steps = () => walk.timeline?.steps ?? []
  const phases = () => walk.timeline?.phases ?? []
  const at = () => store.state.step
  const node = () => store.state.selected ?? walk.activeNode
  const around = () => page.stage?.membersAround(walk.activeNode ?? '') ?? new Set<string>()
  const action = (
    id: string,
    label: string,
    keys: readonly string[],
    shown: string,
    run: () => unknown,
    row?: KeyRow,
  ) => ({ id, label, keys, shown, group: 'Walk', run, ...(row && { row }) }) satisfies Action
  const seek = (to: () => number) => () => walk.player.seek(to())
  return [
    action('play', 'Play or pause', [' '], 'Space', () => walk.player.toggle(), {
      shown: 'Space',
      does: 'Play or pause',
    }),
    action(
      'previous-step',
      'One step back',
      ['ArrowLeft', ','],
      '←',
      seek(() => at() - 1),
      {
        shown: '← →',
        does: 'One step back or forward',
      },
    ),
    action(
      'next-step',
      'One step forward',
      ['ArrowRight', '.'],
      '→',
      seek(() => at() + 1),
      {
        shown: ', .',
        does: 'The same, wherever the arrow keys are taken',
      },
    ),
    action(
      'previous-phase',
      'One phase back',
      ['Shift+ArrowLeft'],
      'Shift + ←',
      seek(() => previousPhase(phases(), at())),
      {
        shown: 'Shift + ← →',
        does: 'One phase back or forward',
      },
    ),
    action(
      'next-phase',
      'One phase forward',
      ['Shift+ArrowRight'],
      'Shift + →',
      seek(() => nextPhase(phases(), at())),
    ),
    action(
      'first-step',
      'First step',
      ['Home'],
      'Home',
      seek(() => 0),
      { shown: 'Home End', does: 'First or last step' },
    ),
    action(
      'last-step',
      'Last step',
      ['End'],
      'End',
      seek(() => steps().length - 1),
    ),
    action(
      'previous-iteration',
      'Previous iteration',
      ['['],
      '[',
      () => session.showIteration(store.state.iteration - 1),
      {
        shown: '[ ]',
        does: 'Previous or next iteration of the training loop',
      },
    ),
    action('next-iteration', 'Next iteration', [']'], ']', () => session.showIteration(store.state.iteration + 1)),
    ...SPEEDS.map((speed, i) =>
      action(
        `speed-${i + 1}`,
        `Speed × ${speed}`,
        [`${i + 1}`],
        `${i + 1}`,
        () => walk.player.setSpeed(speed),
        i === 0 ? { shown: '1 2 3 4 5', does: 'Speed, from slow to fast' } : undefined,
      ),
    ),
    action('breakpoint', 'Breakpoint at this node', ['b'], 'B', () => setBreakpoint(page, node()), {
      shown: 'B',
      does: 'Breakpoint at the selected node, or at the one of this step: playing stops there',
    }),
    action('next-breakpoint', 'Next breakpoint', ['g'], 'G', () => goToBreakpoint(page, 1), {
      shown: 'G Shift + G',
      does: 'Go to the next or previous breakpoint, on into the next iteration',
    }),
    action('previous-breakpoint', 'Previous breakpoint', ['G'], 'Shift + G', () => goToBreakpoint(page, -1)),
    action('next-gradient', 'Next gradient of this node', ['n'], 'N', () => goToGradient(page, node(), 1), {
      shown: 'N Shift + N',
      does: 'Next or previous gradient that reaches the selected node, on into the next iteration',
    }),
    action('previous-gradient', 'Previous gradient of this node', ['N'], 'Shift + N', () =>
      goToGradient(page, node(), -1),
    ),
    action(
      'over-group',
      'Step over the group',
      ['o'],
      'O',
      seek(() => stepOver(steps(), around(), at(), 1)),
      {
        shown: 'O Shift + O',
        does: 'Step over the group (module, loop, repeat), forward or back',
      },
    ),
    action(
      'back-over-group',
      'Step back over the group',
      ['O'],
      'Shift + O',
      seek(() => stepOver(steps(), around(), at(), -1)),
    ),
  ]
}

function setBreakpoint({ store }: Page, node: string | null): void {
  if (node !== null) store.update({ breakpoints: toggled(store.state.breakpoints, atNode(node)) })
}

/** Looking at the drawing. */
export function pictureActions(page: Page): readonly Action[] {
  const isEnabled = () => page.stage !== null
  const picture = { group: 'Picture', isEnabled } as const
  return [
    {
      ...picture,
      id: 'zoom-in',
      label: 'Zoom in',
      keys: ['+', '='],
      shown: '+',
      row: {
        shown: '+ − 0',
        does: 'Zoom in, zoom out, fit the picture; on the overview in its corner, arrow keys move it',
      },
      run: () => page.stage?.zoomBy(ZOOM),
    },
    { ...picture, id: 'zoom-out', label: 'Zoom out', keys: ['-'], shown: '−', run: () => page.stage?.zoomBy(1 / ZOOM) },
    { ...picture, id: 'fit', label: 'Fit the picture', keys: ['0'], shown: '0', run: () => page.stage?.fit() },
    {
      ...picture,
      id: 'toggle-all',
      label: 'Open or close all groups',
      keys: ['Shift+Enter'],
      shown: 'Shift + Enter',
      row: { shown: 'Enter', does: 'Open or close the focused group; Shift + Enter: all of them' },
      run: () => page.stage?.toggleAll(),
    },
  ]
}

/** Keys that the drawing handles itself. */
export const PICTURE_KEYS: readonly KeyRow[] = [
  {
    shown: 'Tab → ← ↑ ↓',
    does: 'In the graph (reached with Tab): walk along the edges and beside them; Enter selects, Esc gives the arrows back to the steps',
  },
]

/** Running the program, and looking at it. */
export function programActions(page: Page): readonly Action[] {
  const { store } = page
  return [
    {
      id: 'run',
      label: 'Run the program',
      keys: ['Ctrl+Enter'],
      shown: 'Ctrl + Enter',
      group: 'Program',
      row: { shown: 'Ctrl + Enter', does: 'Run the program, from anywhere' },
      anywhere: true,
      run: () => page.run(),
    },
    {
      id: 'live',
      label: 'Run on change: on or off',
      keys: ['r', 'R'],
      shown: 'R',
      group: 'Program',
      row: { shown: 'R', does: 'Run on change: run the program whenever typing pauses' },
      run: () => switchTaste(store, 'live'),
    },
    {
      id: 'shapes',
      label: 'Shapes behind the lines: on or off',
      keys: ['s', 'S'],
      shown: 'S',
      group: 'Program',
      row: { shown: 'S', does: 'Shapes: what each line has computed, behind it' },
      run: () => switchTaste(store, 'shapes'),
    },
  ]
}

/** The actions that open the dialogs of the page and change its view. */
export function pageActions(page: Page): readonly Action[] {
  return [
    {
      id: 'search',
      label: 'Search a node',
      keys: ['/'],
      shown: '/',
      group: 'Look',
      row: { shown: '/', does: 'Search a node by name, operation or line' },
      run: () => page.openDialog('search'),
    },
    {
      id: 'projector',
      label: 'Projector view: on or off',
      keys: ['f', 'F'],
      shown: 'F',
      group: 'Picture',
      row: { shown: 'F', does: 'Projector: only the picture and the timeline' },
      run: () => page.toggleProjector(),
    },
    {
      id: 'palette',
      label: 'Search an action',
      keys: ['Ctrl+k', 'Ctrl+K'],
      shown: 'Ctrl + K',
      group: 'Page',
      row: { shown: 'Ctrl + K', does: 'Search among all that can be done, and do it' },
      anywhere: true,
      run: () => page.openDialog('palette'),
    },
    { id: 'theme', label: 'Switch the theme', keys: [], shown: '', group: 'Page', run: () => page.switchTheme() },
    {
      id: 'escape',
      label: 'Close, deselect, back to the recorded run',
      keys: ['Escape'],
      shown: 'Esc',
      group: 'Page',
      row: { shown: 'Esc', does: 'Close, back to the recorded run, deselect, leave the projector view' },
      run: () => page.escape(),
    },
    {
      id: 'help',
      label: 'All keys',
      keys: ['?'],
      shown: '?',
      group: 'Page',
      row: { shown: '?', does: 'This list' },
      run: () => page.openDialog('help'),
    },
  ]
}
