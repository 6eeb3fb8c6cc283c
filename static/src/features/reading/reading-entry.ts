/** The text about one node at a step: its kind, inputs and numbers, and the steps of the numbers still to come. Pure. */

import { labelOf } from '../../core/labels'
import { inputsOf, wordsFor } from '../../stage/program/accessible-names'
import type { Frame, Timeline } from '../../walk/model'
import { missingGradientText } from '../../walk/observations'
import { stepOfValue } from '../../walk/steps'
import { tensorInWords } from './reading-words'

/** A sentence about a node's numbers; `step`, from 0, where it names the step that brings them. */
export interface Said {
  text: string
  step: number | null
}

export interface Entry {
  id: string
  /** "multiplication", "parameter". */
  operation: string
  /** Its name on the stage: its variable, else its operation. */
  label: string
  line: number | null
  fails: boolean
  takes: readonly { id: string; label: string }[]
  value: Said
  gradient: Said
  /** The `.grad` of a leaf, which is kept from pass to pass; null where there is none yet. */
  kept: string | null
  /** The update of a parameter; null for every other node. */
  update: Said | null
  /** The steps, from 0, in which its value and its gradient come; null where none does. */
  steps: { value: number | null; gradient: number | null }
  /** True if the step is this node's. */
  here: boolean
}

/** Return the text about a node at the end of a frame's step. Null when the graph has no such node. */
export function entryOf(timeline: Timeline, frame: Frame, id: string): Entry | null {
  const { graph, nodes, steps } = timeline
  const node = nodes.get(id)
  if (node === undefined) return null
  const kept = frame.accumulated.get(id)
  return {
    id,
    operation: wordsFor(node),
    label: labelOf(graph, id),
    line: node.line,
    fails: node.failed,
    takes: inputsOf(graph, id).map((input) => ({ id: input, label: labelOf(graph, input) })),
    value: valueAt(timeline, frame, id),
    gradient: gradientAt(timeline, frame, id),
    kept: kept === undefined ? null : tensorInWords(kept),
    update: updatesOf(timeline, frame, id),
    steps: {
      value: stepOfValue(steps, id) ?? timeline.values.get(id)?.[0]?.step ?? null,
      gradient: timeline.gradients.get(id)?.[0]?.step ?? null,
    },
    here: frame.active === id,
  }
}

const told = (text: string): Said => ({ text, step: null })
const comes = (what: string, step: number): Said => ({ text: `${what} comes in step ${step + 1}.`, step })

function valueAt({ values }: Timeline, frame: Frame, id: string): Said {
  const standing = frame.values.get(id)
  if (standing !== undefined) {
    const words = standing.map(tensorInWords)
    if (words.length === 1) return told(`Value ${words[0]}.`)
    return told(`Values: ${words.map((one, i) => `output ${i + 1}: ${one}`).join('; ')}.`)
  }
  const next = values.get(id)?.find(({ step }) => step > frame.step)
  return next === undefined ? told('No value was recorded.') : comes('Its value', next.step)
}

function gradientAt(timeline: Timeline, frame: Frame, id: string): Said {
  const standing = frame.gradients.get(id)
  if (standing !== undefined) return told(`Gradient ${tensorInWords(standing)}.`)
  const row = timeline.gradients.get(id) ?? []
  const next = row.find(({ step }) => step > frame.step)
  if (next !== undefined) return comes('Its gradient', next.step)
  if (row.length > 0) return told('No gradient reaches it in this backward pass.')
  return told(missingGradientText(timeline, id) ?? 'No gradient was recorded.')
}

/** The first of a node's values is what it began with; what follows came by updates. */
function updatesOf({ values }: Timeline, frame: Frame, id: string): Said | null {
  const updates = values.get(id)?.slice(1) ?? []
  const done = updates.findLast(({ step }) => step <= frame.step)
  const next = updates.find(({ step }) => step > frame.step)
  if (next !== undefined) return comes('Its update', next.step)
  return done === undefined ? null : told(`That is its value after the update in step ${done.step + 1}.`)
}
