/** Every key of the page: what it does, and what the help says about it. Pure. */

export type Action =
  | 'play'
  | 'previous-step'
  | 'next-step'
  | 'previous-phase'
  | 'next-phase'
  | 'first-step'
  | 'last-step'
  | 'previous-iteration'
  | 'next-iteration'
  | 'speed-1'
  | 'speed-2'
  | 'speed-3'
  | 'speed-4'
  | 'speed-5'
  | 'next-stop'
  | 'previous-stop'
  | 'search'
  | 'read'
  | 'projector'
  | 'training'
  | 'share'
  | 'compare'
  | 'zoom-in'
  | 'zoom-out'
  | 'fit'
  | 'toggle-all'
  | 'help'
  | 'escape'
  | 'run'
  | 'live'
  | 'shapes'
  | 'breakpoint'
  | 'next-breakpoint'
  | 'previous-breakpoint'
  | 'next-gradient'
  | 'previous-gradient'
  | 'build'
  | 'next-finding'
  | 'previous-finding'
  | 'check'
  | 'over-group'
  | 'back-over-group'
  | 'predict'

export interface Shortcut {
  /** As a reader would say it. */
  shown: string
  does: string
  /** `KeyboardEvent.key` to action; a leading "Shift+" or "Ctrl+" asks for that modifier. */
  keys: Readonly<Record<string, Action>>
}

export const SHORTCUTS: readonly Shortcut[] = [
  { shown: 'Space', does: 'Play or pause', keys: { ' ': 'play' } },
  { shown: '← →', does: 'One step back or forward', keys: { ArrowLeft: 'previous-step', ArrowRight: 'next-step' } },
  {
    shown: ', .',
    does: 'The same, wherever the arrow keys are taken',
    keys: { ',': 'previous-step', '.': 'next-step' },
  },
  {
    shown: 'Tab → ← ↑ ↓',
    does: 'In the graph (reached with Tab): walk along the edges and beside them; Enter selects, Esc gives the arrows back to the steps',
    keys: {},
  },
  {
    shown: 'Shift + ← →',
    does: 'One phase back or forward',
    keys: { 'Shift+ArrowLeft': 'previous-phase', 'Shift+ArrowRight': 'next-phase' },
  },
  { shown: 'Home End', does: 'First or last step', keys: { Home: 'first-step', End: 'last-step' } },
  {
    shown: '[ ]',
    does: 'Previous or next iteration of the training loop',
    keys: { '[': 'previous-iteration', ']': 'next-iteration' },
  },
  {
    shown: 'J K',
    does: 'Next or previous stop of the lesson',
    keys: { j: 'next-stop', J: 'next-stop', k: 'previous-stop', K: 'previous-stop' },
  },
  {
    shown: '1 2 3 4 5',
    does: 'Speed, from slow to fast',
    keys: { '1': 'speed-1', '2': 'speed-2', '3': 'speed-3', '4': 'speed-4', '5': 'speed-5' },
  },
  { shown: '/', does: 'Search a node by name, operation or line', keys: { '/': 'search' } },
  {
    shown: 'A',
    does: 'Read the graph as text: each node with its numbers at this step',
    keys: { a: 'read', A: 'read' },
  },
  { shown: 'F', does: 'Projector: only the picture and the timeline', keys: { f: 'projector', F: 'projector' } },
  { shown: 'T', does: 'Training over time: its curves and its film strip', keys: { t: 'training', T: 'training' } },
  { shown: 'L', does: 'Link to this step, and files to take away', keys: { l: 'share', L: 'share' } },
  { shown: 'C', does: 'Compare the run with another one; Esc ends it', keys: { c: 'compare', C: 'compare' } },
  {
    shown: '← → PgUp PgDn Enter',
    does: 'In a curve or the film strip (reached with Tab): look at an iteration, go there',
    keys: {},
  },
  {
    shown: '← ↑ → ↓ Home End',
    does: 'In a table or a heatmap of numbers (reached with Tab): from cell to cell; with Ctrl to its corners',
    keys: {},
  },
  {
    shown: '+ − 0',
    does: 'Zoom in, zoom out, fit the picture; on the overview in its corner, arrow keys move it',
    keys: { '+': 'zoom-in', '=': 'zoom-in', '-': 'zoom-out', '0': 'fit' },
  },
  {
    shown: 'Enter',
    does: 'Open or close the focused group; Shift + Enter: all of them',
    keys: { 'Shift+Enter': 'toggle-all' },
  },
  {
    shown: 'B',
    does: 'Breakpoint at the selected node, or at the one of this step: playing stops there',
    keys: { b: 'breakpoint' },
  },
  {
    shown: 'G Shift + G',
    does: 'Go to the next or previous breakpoint, on into the next iteration',
    keys: { g: 'next-breakpoint', G: 'previous-breakpoint' },
  },
  {
    shown: 'N Shift + N',
    does: 'Next or previous gradient that reaches the selected node, on into the next iteration',
    keys: { n: 'next-gradient', N: 'previous-gradient' },
  },
  {
    shown: 'V',
    does: 'Verify the gradient in the inspector: your program runs again with the number moved a little',
    keys: { v: 'check', V: 'check' },
  },
  {
    shown: 'O Shift + O',
    does: 'Step over the group (module, loop, repeat), forward or back',
    keys: { o: 'over-group', O: 'back-over-group' },
  },
  {
    shown: 'W Shift + W',
    does: 'What goes wrong: to the next or previous finding, its iteration, step and node',
    keys: { w: 'next-finding', W: 'previous-finding' },
  },
  {
    shown: 'Q',
    does: 'Predict before you see: the walk stops before some steps and asks; digits choose, Enter checks',
    keys: { q: 'predict', Q: 'predict' },
  },
  {
    shown: 'M',
    does: 'Make a network: choose data, layers, loss and optimizer, and get its program',
    keys: { m: 'build', M: 'build' },
  },
  { shown: 'Ctrl + Enter', does: 'Run the program, from anywhere', keys: { 'Ctrl+Enter': 'run' } },
  { shown: 'R', does: 'Run on change: run the program whenever typing pauses', keys: { r: 'live', R: 'live' } },
  { shown: 'S', does: 'Shapes: what each line has computed, behind it', keys: { s: 'shapes', S: 'shapes' } },
  {
    shown: '↑ ↓ PgUp PgDn Del',
    does: 'On a number that can be dragged: more or less of it, ten times as much, as recorded; with Shift finely; digits type it',
    keys: {},
  },
  {
    shown: 'Esc',
    does: 'Close, back to the recorded run, deselect, leave the projector view',
    keys: { Escape: 'escape' },
  },
  { shown: '?', does: 'This list', keys: { '?': 'help' } },
]

/** The keys that work while the program is being written. `binding`: as the editor names it. */
export const EDITOR_SHORTCUTS = [
  { binding: 'Ctrl-Space', shown: 'Ctrl + Space', does: 'Offer names: ↵ or Tab takes one, Esc takes none' },
  { binding: 'Mod-i', shown: 'Ctrl + I', does: 'Show what the name at the cursor is at this step' },
  {
    binding: 'Mod-b',
    shown: 'Ctrl + B',
    does: 'Breakpoint at the line of the cursor; a click left of its number does it too',
  },
  { binding: 'Mod-e', shown: 'Ctrl + E', does: 'Say what goes wrong in the line of the cursor' },
  { binding: 'Tab', shown: 'Tab', does: 'Indent; Shift + Tab takes it back' },
  { binding: 'Mod-f', shown: 'Ctrl + F', does: 'Find in the program' },
  {
    binding: 'Escape',
    shown: 'Esc',
    does: 'Leave the program: the keys are the picture’s again, Tab goes on from here',
  },
] as const

export type EditorBinding = (typeof EDITOR_SHORTCUTS)[number]['binding']

export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

const ACTIONS: ReadonlyMap<string, Action> = new Map(SHORTCUTS.flatMap(({ keys }) => Object.entries(keys)))
/** Keys that mean another thing with Shift; for all others the character itself says it ("?" is Shift + "/"). */
const SHIFTED = /^(Arrow\w+|Home|End|Enter)$/

/** What a key press asks for; null when it is no key of the page's. */
export function actionFor(press: KeyPress): Action | null {
  if (press.altKey) return null
  const control = press.ctrlKey || press.metaKey ? 'Ctrl+' : ''
  const shift = press.shiftKey && SHIFTED.test(press.key) ? 'Shift+' : ''
  return ACTIONS.get(control + shift + press.key) ?? null
}

/** Whether a key pressed in these elements (an event's composed path) belongs to them: text is typed, a button is pressed. */
export function belongsToTarget(press: KeyPress, path: readonly EventTarget[]): boolean {
  const elements = path.filter((target): target is Element => target instanceof Element)
  if (elements.some(isTextField)) return true
  if (elements.some((element) => element.matches(CHOICE))) return CHOOSES.test(press.key)
  return (press.key === ' ' || press.key === 'Enter') && elements.some(isPressable)
}

/** A box or a button to choose by: it wants no letters. */
const CHOICE = 'input[type="radio"], input[type="checkbox"]'
const CHOOSES = /^(Arrow\w+| |Enter)$/

function isTextField(element: Element): boolean {
  return element.matches(`input:not(${CHOICE}), textarea, select, [contenteditable=""], [contenteditable="true"]`)
}

function isPressable(element: Element): boolean {
  return element.matches('button, a[href], summary, [role="button"], [role="menuitem"], [role="option"]')
}
