/** The card of a name of the program: it opens where the pointer rests, or at the cursor by a key. */

import { syntaxTree } from '@codemirror/language'
import { type EditorState, type Extension, StateEffect, StateField } from '@codemirror/state'
import { activateHover, closeHoverTooltips, EditorView, hasHoverTooltips, hoverTooltip } from '@codemirror/view'
import { outlineOf } from '../../core/python-outline'
import { description } from './candidate-description'
import { torchMember } from './candidates'
import { type Word, wordAt } from './dotted-name'
import { ran, setWalked } from './ran-program'
import { loadTorchNames } from './torch-names'
import { type Variable, variableAt } from './variable-value'
import './variable-card'

/** True if the open card was opened by a key: then Escape closes it and does nothing else. */
const setAsked = StateEffect.define<boolean>()

const asked = StateField.define<boolean>({
  create: () => false,
  update: (before, { effects, docChanged, selection }) =>
    effects.findLast((one) => one.is(setAsked))?.value ?? (before && !docChanged && selection === undefined),
})

const card = hoverTooltip(
  async (view, position) => {
    const found = nameAt(view.state, position)
    if (found === null) return null
    const dom = await contentOf(view.state, found)
    return dom && { pos: found.from, end: found.to, above: true, create: () => ({ dom }) }
  },
  {
    hoverTime: 250,
    hideOn: (transaction) => transaction.docChanged || transaction.effects.some((one) => one.is(setWalked)),
  },
)

export const hover: Extension = [card, asked]

/** Show the card of the name at the cursor, and announce it to a screen reader. */
export function showAtCursor(view: EditorView): boolean {
  const { head } = view.state.selection.main
  const found = nameAt(view.state, head)
  if (found === null) return true
  view.dispatch({ effects: setAsked.of(true) })
  const variable = variableOf(view.state, found)
  if (variable) view.dispatch({ effects: EditorView.announce.of(spoken(variable)) })
  activateHover(view, Math.min(head, found.to - 1), 1, {
    until: (transaction) => transaction.docChanged || transaction.selection !== undefined,
  })
  return true
}

/** Close the card; return whether a card was open that the reader had opened by a key. */
export function closeCard(view: EditorView): boolean {
  if (!hasHoverTooltips(view.state)) return false
  const wasAsked = view.state.field(asked)
  view.dispatch({ effects: [closeHoverTooltips, setAsked.of(false)] })
  return wasAsked
}

interface Found extends Word {
  /** From 1, in the program that was run. */
  line: number
}

function nameAt(state: EditorState, position: number): Found | null {
  const line = state.doc.lineAt(position)
  const word = wordAt(line.text, position - line.from)
  if (word === null || isProse(state, position)) return null
  const behind = state.field(ran).lineBehind(line.number)
  return { name: word.name, from: line.from + word.from, to: line.from + word.to, line: behind }
}

/** Return whether a position is in a comment or in a string. */
export function isProse(state: EditorState, position: number): boolean {
  return /^(String|Comment|FormatString)$/.test(syntaxTree(state).resolveInner(position, -1).name)
}

function variableOf(state: EditorState, { name, line }: Found): Variable | null {
  const { walked, bindings, outline } = state.field(ran)
  if (walked.timeline === null || bindings === null) return null
  const variable = variableAt(walked.timeline, bindings, name, line, walked.step)
  if (variable !== null) return variable
  // the pointer rests on many names; only a reader who presses the key learns that there is nothing
  const isWanted = state.field(asked) && outline.bindings.some((one) => one.name === name)
  return isWanted ? { ...NOTHING, name } : null
}

const NOTHING: Variable = {
  name: '',
  shape: null,
  origin: null,
  value: null,
  gradient: null,
  notes: ['No tensor of this name was recorded in this iteration.'],
}

async function contentOf(state: EditorState, found: Found): Promise<HTMLElement | null> {
  const variable = variableOf(state, found)
  if (variable === null) return torchCard(state, found.name)
  const card = document.createElement('gw-variable')
  card.variable = variable
  return card
}

async function torchCard(state: EditorState, name: string): Promise<HTMLElement | null> {
  if (!name.includes('.')) return null
  const member = torchMember(name, outlineOf(state.doc.toString()), await loadTorchNames())
  return member && description({ ...member, name })
}

function spoken({ name, shape, value, gradient, notes }: Variable): string {
  const told = [value, gradient].flatMap((one) =>
    one ? [`${one.title}: ${one.rows.map((r) => r.join(' ')).join('; ')}`] : [],
  )
  return [name, shape, ...told, ...notes].filter((part) => part !== null).join('. ')
}

declare global {
  interface HTMLElementTagNameMap {
    'gw-variable': import('./variable-card').VariableCard
  }
}
