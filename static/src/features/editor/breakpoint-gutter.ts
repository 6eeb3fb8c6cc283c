/** Breakpoints in the margin: a click left of a line's number sets or takes one. They are lines of the program that was run. */

import { type EditorState, type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state'
import { type EditorView, GutterMarker, gutter, keymap } from '@codemirror/view'
import { ran } from './ran-program'

export const setBreaks = StateEffect.define<readonly number[]>()

interface Broken {
  lines: readonly number[]
  markers: RangeSet<GutterMarker>
}

const field = StateField.define<Broken>({
  create: () => ({ lines: [], markers: RangeSet.empty }),
  update: (before, transaction) => {
    const lines = transaction.effects.findLast((one) => one.is(setBreaks))?.value ?? before.lines
    const same = transaction.state.field(ran) === transaction.startState.field(ran)
    return lines === before.lines && same ? before : { lines, markers: markersOf(transaction.state, lines) }
  },
})

/** `onBreak`: a line of the program that was run, from 1, is to have a breakpoint, or none any more. */
export function breaks(onBreak: (line: number) => void): Extension {
  const toggle = (view: EditorView, position: number) => {
    const line = view.state.field(ran).origins[view.state.doc.lineAt(position).number - 1]
    if (line) onBreak(line)
    return true
  }
  return [
    field,
    gutter({
      class: 'cm-breaks',
      renderEmptyElements: true,
      markers: (view) => view.state.field(field).markers,
      domEventHandlers: { mousedown: (view, block) => toggle(view, block.from) },
    }),
    keymap.of([{ key: 'Mod-b', run: (view) => toggle(view, view.state.selection.main.head) }]),
  ]
}

/** An edited line is not a line of the run: its breakpoint returns when the line reads as before. */
function markersOf(state: EditorState, lines: readonly number[]): RangeSet<GutterMarker> {
  const places = lines
    .flatMap((line) => state.field(ran).lineAfterEdit(line) ?? [])
    .filter((at) => at <= state.doc.lines)
  return RangeSet.of(places.sort((a, b) => a - b).map((at) => BREAK.range(state.doc.line(at).from)))
}

const BREAK = new (class extends GutterMarker {
  override toDOM(): Node {
    const stop = document.createElement('span')
    stop.className = 'break'
    stop.title = 'Playing stops at this line (click or Ctrl+B takes the breakpoint away)'
    return stop
  }
})()
