/** The facts about a variable at a step: value, gradient, and the next steps that bind its name. Pure. */

import type { Tensor } from '../../core/contract'
import { formatNumber } from '../../core/numbers'
import { elementCount, sliceOf, statsOf } from '../../core/tensors'
import type { Timeline } from '../../walk/model'
import { frameAt } from '../../walk/timeline'
import type { Bindings } from './bindings'

/** Tensors up to this size are written number by number. */
const MOST_ROWS = 8
const MOST_COLUMNS = 8

export interface Variable {
  name: string
  /** "[8, 4] · float32"; null before there is a value. */
  shape: string | null
  /** The origin of the value: "relu, line 10, step 3". */
  origin: string | null
  value: VariableNumbers | null
  gradient: VariableNumbers | null
  /** Remarks on the name: not computed yet, bound again later. */
  notes: readonly string[]
}

/** A tensor in words: rows of numbers that stand in columns, or statistics. */
export interface VariableNumbers {
  title: string
  rows: readonly (readonly string[])[]
  numbers: boolean
}

/** Return the facts about `name` on `line`, from 1, at the end of `step`, from 0. Null when no tensor of that name was recorded. */
export function variableAt(
  timeline: Timeline,
  bindings: Bindings,
  name: string,
  line: number,
  step: number,
): Variable | null {
  const wantsGradient = name.endsWith('.grad')
  const base = wantsGradient ? name.slice(0, -'.grad'.length) : name
  const meaning = bindings.meaning(base, line, step)
  if (meaning === null) return null
  const { bound, next } = meaning
  if (bound === null) return notYet(name, next)
  const frame = frameAt(timeline, step, 1)
  const { node, output } = bound
  const value = frame.values.get(node.id)?.[output] ?? null
  const gradient = output === 0 ? (frame.gradients.get(node.id) ?? null) : null
  const accumulated = frame.accumulated.get(node.id) ?? null
  const made = `${node.op ?? node.kind}${bound.line === null ? '' : `, line ${bound.line}`}, step ${bound.step + 1}`
  const notes = laterNotes(base, next)
  if (wantsGradient) {
    const told = accumulated ? [] : [`${name} is None at this step.`]
    return {
      name,
      shape: accumulated && shapeOf(accumulated),
      origin: `what backward has added up in ${base}`,
      value: null,
      gradient: accumulated && tell('.grad', accumulated),
      notes: [...told, ...notes],
    }
  }
  return {
    name,
    shape: value && shapeOf(value),
    origin: made,
    value: value && tell('value', value),
    gradient: gradient ? tell(`gradient ∂L/∂${name}`, gradient) : accumulated && tell('.grad', accumulated),
    notes,
  }
}

/** The numbers of a small tensor, the statistics of a large one. */
export function tell(title: string, tensor: Tensor): VariableNumbers {
  const slice = tensor.shape.length <= 2 && elementCount(tensor.shape) > 0 ? sliceOf(tensor, []) : null
  if (slice && slice.rows <= MOST_ROWS && slice.columns <= MOST_COLUMNS) {
    const row = (r: number) => Array.from({ length: slice.columns }, (_, c) => formatNumber(slice.at(r, c)))
    return { title, numbers: true, rows: Array.from({ length: slice.rows }, (_, r) => row(r)) }
  }
  return { title, numbers: false, rows: statistics(tensor) }
}

function statistics(tensor: Tensor): string[][] {
  const stats = statsOf(tensor)
  if (elementCount(tensor.shape) === 0) return [['no elements']]
  if (stats === null) return [['its numbers are too many to be kept']]
  const finite = (['min', 'max', 'mean', 'std', 'norm'] as const).flatMap((key) => {
    const x = stats[key]
    return x === null ? [] : [[key, formatNumber(x)]]
  })
  const counts = (['zeros', 'nans', 'infs'] as const).filter((key) => stats[key] > 0)
  return [...finite, ...counts.map((key) => [key, String(stats[key])])]
}

function shapeOf({ shape, dtype }: Tensor): string {
  return `${shape.length === 0 ? 'scalar' : `[${shape.join(', ')}]`} · ${dtype}`
}

function notYet(name: string, next: { step: number; line: number | null } | null): Variable {
  const where =
    next === null ? '' : ` Step ${next.step + 1}${next.line === null ? '' : ` (line ${next.line})`} makes it.`
  return { name, shape: null, origin: null, value: null, gradient: null, notes: [`Not computed yet.${where}`] }
}

function laterNotes(name: string, next: { step: number; line: number | null } | null): string[] {
  if (next === null) return []
  return [`Step ${next.step + 1}${next.line === null ? '' : ` (line ${next.line})`} binds ${name} to another tensor.`]
}
