/** The contents of the tables of a handout. Pure. */

import type { Graph, Iteration, Tensor } from '../core/contract'
import { formatNumber, formatShape, toNumber } from '../core/numbers'
import type { Timeline } from '../walk/model'
import { narrate } from '../walk/sentences'

/** `number`: from 1. `line`: of the program; null where none is known. */
export interface StepRow {
  number: number
  phase: string
  sentence: string
  line: number | null
}

/** A row for a parameter. Null: it has no such number, or nothing was recorded. */
export interface ParameterRow {
  name: string
  shape: string
  value: string | null
  gradient: string | null
  after: string | null
}

/** The beginning of a sentence on the page; the table has columns for it. */
const PLACE = /^Step \d+ of \d+, \w+\. /

/** The first `most` steps. */
export function stepRows(timeline: Timeline, most: number): StepRow[] {
  return timeline.steps.slice(0, most).map(({ line }, index) => {
    const phase = timeline.phases[index] ?? 'forward'
    return { number: index + 1, phase, line, sentence: narrate(timeline, index).text.replace(PLACE, '') }
  })
}

/** Every parameter, and every other leaf that an update changed. */
export function parameterRows(graph: Graph, iteration: Iteration): ParameterRow[] {
  const updates = new Map(iteration.updates.map((update) => [update.node, update]))
  const last = iteration.backward.at(-1)
  return graph.nodes
    .filter(({ id, kind }) => kind === 'parameter' || updates.has(id))
    .map(({ id, name }) => {
      const value = updates.get(id)?.before ?? iteration.values[id]?.[0]
      const gradient = updates.get(id)?.gradient ?? last?.accumulated[id] ?? last?.gradients[id]?.[0]
      return {
        name: name ?? 'a tensor',
        shape: value ? formatShape(value.shape) : '',
        value: numbersOf(value),
        gradient: numbersOf(gradient),
        after: numbersOf(updates.get(id)?.after),
      }
    })
}

/** A tensor with more numbers than this is written as its norm. */
const FEW = 6

/** A few numbers as they are; of more, how large they are together. */
export function numbersOf(tensor: Tensor | null | undefined): string | null {
  if (!tensor) return null
  const { data, stats } = tensor
  if (data !== null && data.length === 1) return formatNumber(data[0] ?? 0)
  if (data !== null && data.length <= FEW) return `[${data.map((x) => formatNumber(x)).join(', ')}]`
  const norm = data === null ? stats?.norm : Math.hypot(...data.map(toNumber))
  return norm === null || norm === undefined ? 'not kept' : `‖·‖ = ${formatNumber(norm)}`
}
