/** The lines that are marked in the program: the current step's, the failing one with its message, the selected node's. */

import { type EditorState, type Range, RangeSet, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutterLineClass, WidgetType } from '@codemirror/view'
import type { Phase } from '../../core/contract'
import type { Severity } from '../../core/severity'
import { ran } from './ran-program'

/** An error at a line. `hint`: an explanation for learners. */
export interface Failure {
  line: number
  message: string
  hint: string | null
}

/** A finding at a line of the program that was run, from 1. `text`: what goes wrong, and what to do. */
export interface Flag {
  line: number
  severity: Severity
  word: string
  why: string
  todo: string
}

/**
 * Lines count from 1; null marks none. `lit`, `selected` and those of `findings` are lines of the program that was run, and follow them through
 * an edit; `error` is a line of the text as it stands.
 */
export interface Marks {
  lit: { line: number; phase: Phase } | null
  error: Failure | null
  selected: number | null
  findings: readonly Flag[]
}

export const NO_MARKS: Marks = { lit: null, error: null, selected: null, findings: [] }

export const setMarks = StateEffect.define<Marks>()

interface Marked {
  marks: Marks
  lines: DecorationSet
  numbers: RangeSet<GutterMarker>
}

export const marked = StateField.define<Marked>({
  create: () => ({ marks: NO_MARKS, lines: Decoration.none, numbers: RangeSet.empty }),
  update: (before, transaction) => {
    const marks = transaction.effects.findLast((one) => one.is(setMarks))?.value ?? before.marks
    const same = transaction.state.field(ran) === transaction.startState.field(ran)
    return marks === before.marks && same ? before : decorate(transaction.state, marks)
  },
  provide: (self) => [
    EditorView.decorations.from(self, ({ lines }) => lines),
    gutterLineClass.from(self, ({ numbers }) => numbers),
  ],
})

function decorate(state: EditorState, marks: Marks): Marked {
  const { lit, error, selected } = marks
  const ranges: Range<Decoration>[] = []
  const at = (line: number | null, decoration: Decoration, end = false) => {
    if (line === null || line < 1 || line > state.doc.lines) return
    const { from, to } = state.doc.line(line)
    ranges.push(decoration.range(end ? to : from))
  }
  const now = (line: number | null) => (line === null ? null : state.field(ran).lineAfterEdit(line))
  if (lit) at(now(lit.line), Decoration.line({ class: `lit ${lit.phase}` }))
  at(now(selected), Decoration.line({ class: 'selected' }))
  at(error?.line ?? null, Decoration.line({ class: 'failed' }))
  if (error) at(error.line, Decoration.widget({ widget: new Message(error), block: true, side: 1 }), true)
  const failing = error && error.line >= 1 && error.line <= state.doc.lines ? state.doc.line(error.line).from : null
  const numbers = failing === null ? RangeSet.empty : RangeSet.of([FAILED_NUMBER.range(failing)])
  return { marks, lines: Decoration.set(ranges, true), numbers }
}

const FAILED_NUMBER = new (class extends GutterMarker {
  override elementClass = 'failed-number'
})()

/** The error's message and the hint under its line. A program wrote the message: it is text, never markup. */
class Message extends WidgetType {
  constructor(private readonly failure: Failure) {
    super()
  }

  override eq(other: Message): boolean {
    return other.failure.message === this.failure.message && other.failure.hint === this.failure.hint
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('div')
    element.className = 'message'
    element.append(paragraph('what', this.failure.message))
    if (this.failure.hint !== null) element.append(paragraph('advice', this.failure.hint))
    return element
  }
}

function paragraph(name: string, text: string): HTMLElement {
  const element = document.createElement('p')
  element.className = name
  element.textContent = text
  return element
}
