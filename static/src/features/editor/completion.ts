/** Completion: what is offered while a name is being written, and the keys that take it. */

import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeCompletion,
  completionStatus,
  selectedCompletion,
} from '@codemirror/autocomplete'
import { type EditorState, type Extension, Prec } from '@codemirror/state'
import { type EditorView, keymap } from '@codemirror/view'
import { outlineOf } from '../../core/python-outline'
import { description } from './candidate-description'
import { type Candidate, candidatesFor, wantedAt } from './candidates'
import { isProse } from './hover'
import { ran } from './ran-program'
import { loadTorchNames, TorchNames } from './torch-names'

/** Letters of a bare word before anything is offered for it without being asked. */
const LETTERS = 2
const NAME = /^[\p{L}_][\p{L}\w]*$/u

export const completion: Extension = [
  // An Enter behind a word that is already whole is a new line.
  Prec.highest(keymap.of([{ key: 'Enter', run: passOverWhole }])),
  Prec.highest(keymap.of([{ key: 'Escape', run: giveUp }])),
  autocompletion({ override: [offer], maxRenderedOptions: 80 }),
]

async function offer(context: CompletionContext): Promise<CompletionResult | null> {
  const { state, pos, explicit } = context
  const line = state.doc.lineAt(pos)
  const before = line.text.slice(0, pos - line.from)
  const wanted = wantedAt(before) ?? (explicit && /(^|[^\w.])$/.test(before) ? { receiver: null, word: '' } : null)
  if (wanted === null || isProse(state, pos) || /\b(def|class|as|for)\s+\w*$/.test(before)) return null
  if (!explicit && wanted.receiver === null && wanted.word.length < LETTERS) return null
  const outline = outlineOf(state.doc.toString())
  const names = await loadTorchNames().catch(() => new TorchNames({}, {}))
  if (context.aborted) return null
  const found = candidatesFor(wanted, outline, line.number, names, (name) => isTensor(state, name, line.number))
  const options = found.filter(({ name }) => name !== wanted.word || found.length > 1).map(optionOf)
  return options.length === 0 ? null : { from: pos - wanted.word.length, options, validFor: NAME }
}

/** Return whether the run has a tensor of that name. */
function isTensor(state: EditorState, name: string, line: number): boolean {
  const known = state.field(ran)
  return known.bindings?.meaning(name, known.lineBehind(line), known.walked.step)?.bound != null
}

function optionOf(candidate: Candidate): Completion {
  const { name, kind, signatures, summary } = candidate
  const told = signatures.length > 0 || summary !== null
  return {
    label: name,
    type: kind,
    // what ends in _ works in place, and is rarely what is looked for
    boost: name.endsWith('_') ? -1 : 0,
    ...(told && { info: () => description(candidate) }),
  }
}

/** An Escape that comes before a list is open is not for the list. */
function giveUp(view: EditorView): boolean {
  if (completionStatus(view.state) === 'pending') closeCompletion(view)
  return false
}

function passOverWhole(view: EditorView): boolean {
  const selected = selectedCompletion(view.state)
  if (selected === null) return false
  const { head } = view.state.selection.main
  const before = view.state.sliceDoc(Math.max(0, head - selected.label.length), head)
  if (before === selected.label) closeCompletion(view)
  return false
}
