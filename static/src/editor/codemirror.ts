/** CodeMirror 6, set up for a Python program whose steps are walked. Loaded only when the page is already there. */

import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { python } from '@codemirror/lang-python'
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension, Prec } from '@codemirror/state'
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { look, pythonColours } from './look'
import type { Marks } from './marks'
import { marks, setMarks } from './marks'
import { typeOverSelection } from './typing'

export interface EditorEvents {
  onEdit: (source: string) => void
  onRun: () => void
  /** A line's number was clicked; lines count from 1. */
  onLine: (line: number) => void
}

/** The editor as its panel sees it. */
export interface Editor {
  setSource: (source: string) => void
  setMarks: (marks: Marks) => void
  /** Brings a line, from 1, into view. */
  show: (line: number) => void
  focus: () => void
  destroy: () => void
}

/** Builds the editor in `parent`, inside the shadow root `root`: there its styles satisfy the page's CSP. */
export function createEditor(parent: HTMLElement, root: ShadowRoot, source: string, events: EditorEvents): Editor {
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({ doc: source, extensions: extensions(events) }),
  })
  return {
    setSource: (text) => replace(view, text),
    setMarks: (next) => view.dispatch({ effects: setMarks.of(next) }),
    show: (line) => scrollTo(view, line),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}

function extensions({ onEdit, onRun, onLine }: EditorEvents): Extension[] {
  const run = () => {
    onRun()
    return true
  }
  return [
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
    lineNumbers({ domEventHandlers: { mousedown: (view, block) => clicked(view, block.from, onLine) } }),
    highlightSpecialChars({ addSpecialChars: /[\u202a-\u202e\u2060-\u206f]/g }),
    history(),
    indentOnInput(),
    indentUnit.of('    '),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    EditorView.lineWrapping,
    typeOverSelection,
    python(),
    syntaxHighlighting(pythonColours),
    // After all other uses of Escape (closing the search), it gives the keyboard back to the page.
    Prec.lowest(keymap.of([{ key: 'Escape', run: leave }])),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ 'aria-label': 'Program', spellcheck: 'false', translate: 'no' }),
    EditorView.updateListener.of((update) => {
      const typed = update.docChanged && !update.transactions.some((one) => one.isUserEvent('set'))
      if (typed) onEdit(update.state.doc.toString())
    }),
    marks,
    look,
  ]
}

function leave(view: EditorView): boolean {
  view.contentDOM.blur()
  return true
}

function clicked(view: EditorView, position: number, onLine: (line: number) => void): boolean {
  onLine(view.state.doc.lineAt(position).number)
  return true
}

function replace(view: EditorView, source: string): void {
  if (view.state.doc.toString() === source) return
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: source }, userEvent: 'set' })
}

function scrollTo(view: EditorView, line: number): void {
  if (line < 1 || line > view.state.doc.lines) return
  const { from } = view.state.doc.line(line)
  view.dispatch({ effects: EditorView.scrollIntoView(from, { y: 'nearest', yMargin: 2 * view.defaultLineHeight }) })
}
