/**
 * Findings at the lines of the program that was run: a form beside the number, and its words where the pointer rests on
 * the number, or at the cursor by a key. Findings follow their lines through an edit.
 */

import { type EditorState, type Extension, Prec, RangeSet, StateEffect, StateField } from '@codemirror/state'
import { EditorView, GutterMarker, keymap, lineNumberMarkers, showTooltip, type Tooltip } from '@codemirror/view'
import { formOf, type Severity, worse } from '../../core/severity'
import type { Flag } from './line-marks'
import { marked } from './line-marks'
import { ran } from './ran-program'

/** The line whose words are shown. `asked`: by a key; then they stay when the pointer moves. */
interface Shown {
  line: number
  asked: boolean
}

const setShown = StateEffect.define<Shown | null>()

const shown = StateField.define<Shown | null>({
  create: () => null,
  update: (before, { effects, docChanged, selection }) =>
    effects.reduce<Shown | null>(
      (last, one) => (one.is(setShown) ? one.value : last),
      docChanged || selection ? null : before,
    ),
})

/** The findings of each line of the text, from 1. */
function flagsOf(state: EditorState): ReadonlyMap<number, readonly Flag[]> {
  const found = new Map<number, Flag[]>()
  for (const flag of state.field(marked).marks.findings) {
    const line = state.field(ran).lineAfterEdit(flag.line)
    if (line !== null && line >= 1 && line <= state.doc.lines) found.set(line, [...(found.get(line) ?? []), flag])
  }
  return found
}

class Flagged extends GutterMarker {
  constructor(
    private readonly line: number,
    private readonly severity: Severity,
  ) {
    super()
  }

  override eq(other: Flagged): boolean {
    return other.line === this.line && other.severity === this.severity
  }

  override toDOM(): Node {
    const number = document.createElement('span')
    number.className = `flagged ${this.severity}`
    number.textContent = String(this.line)
    const form = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    form.setAttribute('viewBox', '0 0 20 20')
    for (const [part, d] of Object.entries(formOf(this.severity))) {
      const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
      path.setAttribute('class', part)
      path.setAttribute('d', d)
      form.append(path)
    }
    number.append(form)
    return number
  }
}

function markersOf(state: EditorState): RangeSet<GutterMarker> {
  const worst = (flags: readonly Flag[]) =>
    flags.reduce<Severity | undefined>((so, { severity }) => worse(so, severity), undefined) ?? 'note'
  const ranges = [...flagsOf(state)]
    .sort(([a], [b]) => a - b)
    .map(([line, flags]) => new Flagged(line, worst(flags)).range(state.doc.line(line).from))
  return RangeSet.of<GutterMarker>(ranges)
}

function tooltipOf(state: EditorState): Tooltip | null {
  const { line } = state.field(shown) ?? {}
  const flags = line === undefined ? undefined : flagsOf(state).get(line)
  if (line === undefined || flags === undefined) return null
  return { pos: state.doc.line(line).from, create: () => ({ dom: card(flags) }) }
}

/** A program wrote the names in it: it is text, never markup. */
function card(flags: readonly Flag[]): HTMLElement {
  const element = document.createElement('div')
  element.className = 'flag-card'
  for (const { severity, word, why, todo } of flags) {
    for (const [name, text] of [
      [`word ${severity}`, word],
      ['why', why],
      ['todo', todo],
    ] as const) {
      const line = document.createElement('p')
      line.className = name
      line.textContent = text
      element.append(line)
    }
  }
  return element
}

/** The number of a line is under the pointer, or none: `position` is where the line begins. */
export function pointAt(view: EditorView, position: number | null): boolean {
  const before = view.state.field(shown)
  if (before?.asked) return false
  const line = position === null ? null : view.state.doc.lineAt(position).number
  const now = line !== null && flagsOf(view.state).has(line) ? line : null
  if (now !== (before?.line ?? null))
    view.dispatch({ effects: setShown.of(now === null ? null : { line: now, asked: false }) })
  return false
}

function showAtCursor(view: EditorView): boolean {
  const line = view.state.doc.lineAt(view.state.selection.main.head).number
  const flags = flagsOf(view.state).get(line)
  const told =
    flags?.map(({ word, why, todo }) => `${word}: ${why} ${todo}`).join(' ') ?? `Nothing was found in line ${line}.`
  view.dispatch({ effects: [setShown.of(flags ? { line, asked: true } : null), EditorView.announce.of(told)] })
  return true
}

function close(view: EditorView): boolean {
  const before = view.state.field(shown)
  if (before === null) return false
  view.dispatch({ effects: setShown.of(null) })
  return before.asked
}

export const flags: Extension = [
  shown,
  lineNumberMarkers.compute([marked, ran], markersOf),
  showTooltip.compute([shown, marked, ran], tooltipOf),
  Prec.high(
    keymap.of([
      { key: 'Mod-e', run: showAtCursor },
      { key: 'Escape', run: close },
    ]),
  ),
]
