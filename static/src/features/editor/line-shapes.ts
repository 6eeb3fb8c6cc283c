/** The shape of what each line of the program has computed by a step. Pure. Lines count from 1, steps from 0. */

import type { Tensor } from '../../core/contract'
import type { Timeline } from '../../walk/model'

/** A tensor that a line computed, and the step since which it exists. */
interface Computed {
  step: number
  text: string
}

/** Per line, in the order of the steps. */
export type LineShapes = ReadonlyMap<number, readonly Computed[]>

/** Gathers what every line computes in an iteration, so that any step is reached without walking those before it. */
export function lineShapes(timeline: Timeline): LineShapes {
  const found = new Map<number, Computed[]>()
  const add = (line: number | null, step: number, tensors: readonly Tensor[]) => {
    if (line === null || tensors.length === 0) return
    const row = found.get(line) ?? []
    found.set(line, row)
    row.push({ step, text: shapeText(tensors) })
  }
  for (const [line, step, node] of brought(timeline)) add(line, step, timeline.iteration.values[node] ?? [])
  const forward = timeline.steps.filter(({ kind }) => kind === 'leaf' || kind === 'operation')
  forward.forEach((step, i) => {
    const node = timeline.nodes.get(step.node)
    const tensors = timeline.iteration.values[step.node] ?? []
    add(node?.line ?? step.line, step.index, tensors)
    // a call's line has computed its result when the walk leaves the call
    const following = timeline.nodes.get(forward[i + 1]?.node ?? '')
    node?.path.forEach((frame, depth) => {
      if (following?.path[depth]?.line !== frame.line) add(frame.line, step.index, tensors)
    })
  })
  return found
}

/** Return the shapes behind each line at a step: "[8, 4]". A line that has computed nothing yet has no entry. */
export function shapesAt(shapes: LineShapes, step: number): Map<number, string> {
  const shown = new Map<number, string>()
  for (const [line, row] of shapes) {
    const text = latest(row, step)
    if (text !== null) shown.set(line, text)
  }
  return shown
}

/** "[8, 4]"; "scalar"; several outputs "[2, 3], [2]". */
export function shapeText(tensors: readonly Tensor[]): string {
  return tensors.map(({ shape }) => (shape.length === 0 ? 'scalar' : `[${shape.join(', ')}]`)).join(', ')
}

/** Leaves that an earlier iteration made: they are there from the first step. */
function brought(timeline: Timeline): [number | null, number, string][] {
  const made = new Set(timeline.steps.filter(({ kind }) => kind === 'leaf').map(({ node }) => node))
  return timeline.graph.nodes
    .filter(({ id, kind, name }) => kind !== 'operation' && !made.has(id) && name !== null && !name.includes('.'))
    .map(({ id, line }) => [line, 0, id])
}

function latest(row: readonly Computed[], step: number): string | null {
  let low = 0
  let high = row.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((row[middle]?.step ?? 0) <= step) low = middle + 1
    else high = middle
  }
  return row[low - 1]?.text ?? null
}
