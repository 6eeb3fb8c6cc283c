/** CodeMirror 6, set up for a Python program whose steps are walked. Loaded only when the page is already there. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { pythonLanguage } from '@codemirror/lang-python'
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension, Prec } from '@codemirror/state'
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { breaks, setBreaks } from './breakpoint-gutter'
import { hints, setHints } from './editor-hints'
import { look, pythonColours } from './editor-theme'
import { flags, pointAt } from './finding-flags'
import type { Marks } from './line-marks'
import { marked, setMarks } from './line-marks'
import { ran, setWalked, type Walked } from './ran-program'
import { typeOverSelection } from './typing'

export { lineShapes, shapesAt } from './line-shapes'
export { gapOf, looksWhole } from './whole-program'

export interface EditorEvents {
  onEdit: (source: string) => void
  onRun: () => void
  /** A line's number was clicked: the line of the program that was run, from 1. */
  onLine: (line: number) => void
  /** A breakpoint is wanted, or no longer, at a line of the program that was run, from 1. */
  onBreak: (line: number) => void
}

/** The editor as its panel sees it. */
export interface Editor {
  /** Another text for the same program: it can be undone. */
  setSource: (source: string) => void
  /** Another program: nothing of the one before can come back. */
  open: (source: string) => void
  setWalked: (walked: Walked) => void
  setMarks: (marks: Marks) => void
  /** Lines of the program that was run, from 1, that have a breakpoint. */
  setBreaks: (lines: readonly number[]) => void
  /** Per line of the program that was run, what stands behind it. */
  setHints: (hints: ReadonlyMap<number, string>) => void
  /** Brings a line of the program that was run, from 1, into view. */
  show: (line: number) => void
  /** True while a list of names is open. */
  readonly choosing: boolean
  focus: () => void
  destroy: () => void
}

/** Builds the editor in `parent`, inside the shadow root `root`: there its styles satisfy the page's CSP. */
export function createEditor(parent: HTMLElement, root: ShadowRoot, source: string, events: EditorEvents): Editor {
  const helping = new Compartment()
  let help: Extension = []
  const fresh = (doc: string) => EditorState.create({ doc, extensions: [extensions(events), helping.of(help)] })
  const view = new EditorView({ parent, root, state: fresh(source) })
  const load = once(() =>
    import('./editor-assist').then(
      ({ assist }) => {
        help = assist
        view.dispatch({ effects: helping.reconfigure(assist) })
      },
      // Without it the program can still be written and run.
      () => undefined,
    ),
  )
  // Before the first key, or when the page has nothing better to do: the picture comes first.
  view.dom.addEventListener('focusin', load, { once: true })
  whenIdle(load)
  return {
    setSource: (text) => replace(view, text),
    open: (text) => view.setState(fresh(text)),
    setWalked: (walked) => view.dispatch({ effects: setWalked.of(walked) }),
    setMarks: (next) => view.dispatch({ effects: setMarks.of(next) }),
    setBreaks: (lines) => view.dispatch({ effects: setBreaks.of(lines) }),
    setHints: (next) => view.dispatch({ effects: setHints.of(next) }),
    show: (line) => scrollTo(view, line),
    get choosing() {
      return view.dom.querySelector('.cm-tooltip-autocomplete') !== null
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}

function extensions({ onEdit, onRun, onLine, onBreak }: EditorEvents): Extension[] {
  const run = () => {
    onRun()
    return true
  }
  return [
    ran,
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
    breaks(onBreak),
    lineNumbers({
      domEventHandlers: {
        mousedown: (view, block) => clicked(view, block.from, onLine),
        mousemove: (view, block) => pointAt(view, block.from),
        mouseleave: (view) => pointAt(view, null),
      },
    }),
    highlightSpecialChars({ addSpecialChars: /[\u202a-\u202e\u2060-\u206f]/g }),
    history(),
    indentOnInput(),
    indentUnit.of('    '),
    bracketMatching(),
    highlightSelectionMatches(),
    EditorView.lineWrapping,
    typeOverSelection,
    pythonLanguage,
    syntaxHighlighting(pythonColours),
    // After all other uses of Escape (closing the search), it gives the keyboard back to the page.
    Prec.lowest(keymap.of([{ key: 'Escape', run: leave }])),
    keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, indentWithTab]),
    EditorView.contentAttributes.of({
      'aria-label': 'Program',
      'aria-description': 'Escape, then Tab, leaves the program.',
      // it can be edited and so be focused; to say so helps who looks for what can
      tabindex: '0',
      spellcheck: 'false',
      translate: 'no',
    }),
    EditorView.updateListener.of((update) => {
      const typed = update.docChanged && !update.transactions.some((one) => one.isUserEvent('set'))
      if (typed) onEdit(update.state.doc.toString())
    }),
    marked,
    flags,
    hints,
    look,
  ]
}

function once(work: () => unknown): () => void {
  let done = false
  return () => {
    if (!done) void work()
    done = true
  }
}

function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(work, { timeout: 3000 })
  else setTimeout(work, 500)
}

function leave(view: EditorView): boolean {
  view.contentDOM.blur()
  return true
}

function clicked(view: EditorView, position: number, onLine: (line: number) => void): boolean {
  const line = view.state.field(ran).origins[view.state.doc.lineAt(position).number - 1]
  if (line) onLine(line)
  return true
}

function replace(view: EditorView, source: string): void {
  if (view.state.doc.toString() === source) return
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: source }, userEvent: 'set' })
}

function scrollTo(view: EditorView, ranLine: number): void {
  const line = view.state.field(ran).lineAfterEdit(ranLine)
  if (line === null || line > view.state.doc.lines) return
  const { from } = view.state.doc.line(line)
  view.dispatch({ effects: EditorView.scrollIntoView(from, { y: 'nearest', yMargin: 2 * view.defaultLineHeight }) })
}
