/** The sentence of every step, which the server makes: parts that the page colours, and text that is spoken. Pure. */

import type { SentencePart } from '../core/contract'
import { operationOf } from '../core/operations'
import type { Timeline } from './model'

export type Part = SentencePart

export interface Narration {
  parts: readonly Part[]
  text: string
}

/** The last narration of each timeline: the page asks with every frame, and the same parts need not be written again. */
const last = new WeakMap<Timeline, { index: number; told: Narration }>()

/** The sentence of step number `index` (0-based): its place alone, until the server has told the sentences. */
export function narrate(timeline: Timeline, index: number): Narration {
  const known = last.get(timeline)
  if (known?.index === index) return known.told
  const told = tell(timeline, index)
  last.set(timeline, { index, told })
  return told
}

function tell(timeline: Timeline, index: number): Narration {
  const { steps, phases, observations } = timeline
  if (steps[index] === undefined) return narration([{ text: 'Nothing was recorded.', kind: 'plain' }])
  const place: Part = { text: `Step ${index + 1} of ${steps.length}, ${phases[index]}. `, kind: 'plain' }
  const sentences = observations.sentences ?? []
  // they are in the order of the steps, but for those of two compared runs
  const own = sentences[index]?.step === index ? sentences[index] : sentences.find(({ step }) => step === index)
  return narration([place, ...(own?.parts ?? [])])
}

function narration(parts: readonly Part[]): Narration {
  return { parts, text: parts.map((part) => part.text).join('') }
}

/** Return what a program calls an operation; what Python writes with brackets has a word instead of a name. */
export function operationName<T extends string | null | undefined>(op: T): string | T {
  return (op?.startsWith('__') && operationOf(op).word) || op
}
