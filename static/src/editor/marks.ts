/** The lines that are marked in the program: the current step's, the failing one with its message, the selected node's. */

import { type EditorState, type Extension, type Range, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view'
import type { Phase } from '../api/types'

/** Lines count from 1; null marks none. */
export interface Marks {
  lit: { line: number; phase: Phase } | null
  error: { line: number; message: string } | null
  selected: number | null
}

export const NO_MARKS: Marks = { lit: null, error: null, selected: null }

export const setMarks = StateEffect.define<Marks>()

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (decorations, transaction) => {
    const effect = transaction.effects.findLast((one) => one.is(setMarks))
    return effect ? decorate(transaction.state, effect.value as Marks) : decorations.map(transaction.changes)
  },
  provide: (self) => EditorView.decorations.from(self),
})

export const marks: Extension = field

function decorate(state: EditorState, { lit, error, selected }: Marks): DecorationSet {
  const ranges: Range<Decoration>[] = []
  const at = (line: number | undefined, decoration: Decoration, end = false) => {
    if (line === undefined || line < 1 || line > state.doc.lines) return
    const { from, to } = state.doc.line(line)
    ranges.push(decoration.range(end ? to : from))
  }
  if (lit) at(lit.line, Decoration.line({ class: `lit ${lit.phase}` }))
  at(selected ?? undefined, Decoration.line({ class: 'selected' }))
  at(error?.line, Decoration.line({ class: 'failed' }))
  if (error) at(error.line, Decoration.widget({ widget: new Message(error.message), block: true, side: 1 }), true)
  return Decoration.set(ranges, true)
}

/** The error's message under its line. A program wrote it: it is text, never markup. */
class Message extends WidgetType {
  constructor(private readonly text: string) {
    super()
  }

  override eq(other: Message): boolean {
    return other.text === this.text
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('div')
    element.className = 'message'
    element.textContent = this.text
    return element
  }
}
