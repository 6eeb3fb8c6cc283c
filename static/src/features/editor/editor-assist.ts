/** Aids for writing: closing brackets, completion, the card of a name. They are loaded after the editor. */

import { acceptCompletion, closeBrackets, closeBracketsKeymap, startCompletion } from '@codemirror/autocomplete'
import { type Extension, Prec } from '@codemirror/state'
import { type Command, keymap } from '@codemirror/view'
import { completion } from './completion'
import type { EditorBinding } from './editor-keys'
import { assistLook } from './editor-theme'
import { closeCard, hover, showAtCursor } from './hover'

/** Before what the editor does with these keys otherwise: indent, leave. */
const KEYS: Partial<Record<EditorBinding, Command>> = {
  'Ctrl-Space': startCompletion,
  'Mod-i': showAtCursor,
  Tab: acceptCompletion,
  Escape: closeCard,
}

export const assist: Extension = [
  completion,
  Prec.high(keymap.of(Object.entries(KEYS).map(([key, run]) => ({ key, run })))),
  closeBrackets(),
  keymap.of([...closeBracketsKeymap]),
  hover,
  assistLook,
]
