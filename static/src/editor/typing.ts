/** Typing over a selection, done by the editor and not by the browser. */

import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

/**
 * When a browser replaces coloured text itself, it keeps the look with a style attribute, which the Content Security
 * Policy refuses with an error in the log. So the editor replaces a selection before the browser can.
 */
export const typeOverSelection: Extension = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== 'insertText' || event.data === null || view.state.selection.main.empty) return false
    event.preventDefault()
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true })
    return true
  },
})
