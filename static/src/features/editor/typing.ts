/**
 * Typing over a selection, done by the editor itself. Left to the browser, Chromium merges the selected lines and gives
 * the result a style attribute, which the page's CSP blocks with an error in the console.
 */

import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

export const typeOverSelection: Extension = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { inputType, data, isComposing } = event
    if (inputType !== 'insertText' || data === null || isComposing || view.state.selection.main.empty) return false
    type(view, data)
    return true
  },
})

function type(view: EditorView, text: string): void {
  const { from, to } = view.state.selection.main
  const insert = () =>
    view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true })
  const handlers = view.state.facet(EditorView.inputHandler)
  if (!handlers.some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert())
}
