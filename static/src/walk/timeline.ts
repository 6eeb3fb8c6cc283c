/** From the steps of an iteration to what the stage shows at a moment of one of them. Pure: no clock, no DOM. */

import type { BackwardPass, Edge, Graph, Iteration, Observations, Step, Tensor } from '../core/contract'
import { sumOf, updateOf } from './annotations'
import { flowAt, withoutGradient } from './anomalies'
import { changeAt, gradientIn, passOf } from './lookup'
import type { Appearance, Arrival, Frame, Timeline, Travel } from './model'
import { NOTHING_OBSERVED, staleGradientOf } from './observations'
import { phasesOf } from './phases'
import { notesOf } from './product'

/** The progress of a step at which moving numbers arrive, and results appear. */
export const ARRIVAL = 0.65

/** Index an iteration. `observations`: of this iteration. */
export function buildTimeline(
  graph: Graph,
  iteration: Iteration,
  observations: Observations = NOTHING_OBSERVED,
): Timeline {
  const edges = new Map(graph.edges.map((e) => [e.id, e]))
  const arrivals = iteration.backward.map((pass, p) => arrivalsOf(pass, p, iteration.steps, edges))
  let current: number | null = null
  const passes = iteration.steps.map((step) => {
    current = step.pass ?? current
    return current
  })
  return {
    graph,
    iteration,
    steps: iteration.steps,
    phases: phasesOf(iteration),
    nodes: new Map(graph.nodes.map((n) => [n.id, n])),
    edges,
    values: valuesOf(graph, iteration, edges),
    gradients: gradientsOf(iteration, arrivals),
    accumulated: accumulatedOf(iteration),
    arrivals,
    passes,
    observations,
  }
}

/** Return the frame at `progress` (0..1) of step number `step` (0-based, clamped to the timeline). */
export function frameAt(timeline: Timeline, step: number, progress: number): Frame {
  const at = Math.max(0, Math.min(step, timeline.steps.length - 1))
  const current = timeline.steps[at]
  if (current === undefined) return EMPTY
  return {
    step: at,
    progress,
    phase: current.phase,
    active: current.node,
    line: lineOf(timeline, current),
    ...standingAt(timeline, at, progress),
    travels: travelsOf(timeline, current),
    litEdges: new Set(current.edges),
    sum: sumOf(timeline, at, progress >= ARRIVAL),
    notes: notesOf(timeline, current),
    staleGradient: progress >= ARRIVAL ? staleGradientOf(timeline, current) : null,
    update: updateOf(timeline, current),
  }
}

type Standing = Pick<Frame, 'values' | 'gradients' | 'accumulated' | 'flow' | 'without' | 'origins'>

/** The last arrival of each timeline: between two arrivals nothing changes, and the maps are as long as the program. */
const last = new WeakMap<Timeline, { step: number; arrived: boolean; standing: Standing }>()

const NOBODY: ReadonlySet<string> = new Set()

/** Return the numbers at the nodes; the same maps until something appears. */
function standingAt(timeline: Timeline, step: number, progress: number): Standing {
  const arrived = progress >= ARRIVAL
  const known = last.get(timeline)
  if (known?.step === step && known.arrived === arrived) return known.standing
  const standing = {
    values: showing(timeline.values, step, progress),
    gradients: gradientsShowing(timeline, step, progress),
    accumulated: mapValues(showing(timeline.accumulated, step, progress), (t) => t[0]),
    flow: flowAt(timeline, step, arrived),
    without: arrived ? withoutGradient(timeline, step) : NOBODY,
    origins: timeline.observations.non_finite.filter((one) => one.step < step || (one.step === step && arrived)),
  }
  last.set(timeline, { step, arrived, standing })
  return standing
}

const EMPTY: Frame = {
  step: 0,
  progress: 1,
  phase: 'forward',
  active: '',
  line: null,
  ...{ values: new Map(), gradients: new Map(), accumulated: new Map() },
  travels: [],
  litEdges: new Set(),
  sum: null,
  notes: [],
  staleGradient: null,
  flow: { zeroEdges: NOBODY, nonFiniteEdges: NOBODY },
  without: NOBODY,
  origins: [],
  update: null,
}

/** Return the line of a step in the program, from 1; null where it has none. */
export function lineOf(timeline: Timeline, step: Step): number | null {
  return step.line ?? timeline.nodes.get(step.node)?.line ?? null
}

function arrivalsOf(pass: BackwardPass, index: number, steps: readonly Step[], edges: ReadonlyMap<string, Edge>) {
  const arrivals = new Map<string, Arrival[]>()
  for (const step of steps) {
    if (step.pass !== index) continue
    for (const id of step.edges) {
      const edge = edges.get(id)
      const tensor = pass.contributions[id]
      if (edge === undefined || tensor === undefined) continue
      const row = arrivals.get(edge.source) ?? []
      arrivals.set(edge.source, row)
      row.push({ step: step.index, edge: id, tensor })
    }
  }
  return arrivals
}

function valuesOf(graph: Graph, iteration: Iteration, edges: ReadonlyMap<string, Edge>) {
  const first = new Map<string, { step: number; atStart: boolean }>()
  for (const step of iteration.steps) {
    if (step.kind !== 'operation' && step.kind !== 'leaf') continue
    // a leaf that no step creates is there when the first operation takes it
    for (const id of step.edges) {
      const source = edges.get(id)?.source
      if (source !== undefined && !first.has(source)) first.set(source, { step: step.index, atStart: true })
    }
    if (!first.has(step.node)) first.set(step.node, { step: step.index, atStart: step.kind === 'leaf' })
  }
  const values = new Map<string, Appearance[]>()
  for (const node of graph.nodes) {
    const tensors = iteration.values[node.id]
    if (tensors?.length) values.set(node.id, [{ ...(first.get(node.id) ?? { step: 0, atStart: true }), tensors }])
  }
  const updates = iteration.steps.filter((s) => s.kind === 'update')
  iteration.updates.forEach((update, i) => {
    const step = updates[i]
    if (step) values.get(update.node)?.push({ step: step.index, atStart: false, tensors: [update.after] })
  })
  return values
}

function gradientsOf(iteration: Iteration, arrivals: readonly ReadonlyMap<string, readonly Arrival[]>[]) {
  const gradients = new Map<string, Appearance[]>()
  iteration.backward.forEach((pass, p) => {
    const own = new Map(iteration.steps.filter((s) => s.pass === p).map((s) => [s.node, s.index]))
    for (const node of Object.keys(pass.gradients)) {
      const tensor = gradientIn(pass, node)
      if (tensor === null) continue
      const last = arrivals[p]?.get(node)?.at(-1)
      const step = last?.step ?? own.get(node)
      if (step === undefined) continue
      const row = gradients.get(node) ?? []
      gradients.set(node, row)
      row.push({ step, atStart: last === undefined, tensors: [tensor] })
    }
  })
  return gradients
}

function accumulatedOf(iteration: Iteration) {
  const accumulated = new Map<string, Appearance[]>()
  for (const step of iteration.steps) {
    const pass = step.pass === null ? undefined : iteration.backward[step.pass]
    const tensor =
      step.kind === 'accumulate'
        ? pass?.accumulated[step.node]
        : step.kind === 'change'
          ? changeAt({ iteration, steps: iteration.steps }, step)?.after
          : undefined
    if (tensor === undefined) continue
    const row = accumulated.get(step.node) ?? []
    accumulated.set(step.node, row)
    row.push({ step: step.index, atStart: false, tensors: [tensor] })
  }
  return accumulated
}

function latest(row: readonly Appearance[], step: number, progress: number): Appearance | undefined {
  return row.findLast((a) => a.step < step || (a.step === step && (a.atStart || progress >= ARRIVAL)))
}

function showing(all: ReadonlyMap<string, readonly Appearance[]>, step: number, progress: number) {
  const shown = new Map<string, readonly Tensor[]>()
  for (const [node, row] of all) {
    const found = latest(row, step, progress)
    if (found) shown.set(node, found.tensors)
  }
  return shown
}

/** Gradients of the pass on show only: an earlier pass's numbers are gone when the next one begins. */
function gradientsShowing(timeline: Timeline, step: number, progress: number): Map<string, Tensor> {
  const shown = new Map<string, Tensor>()
  const pass = timeline.passes[step]
  if (pass === null || pass === undefined) return shown
  const begins = timeline.passes.indexOf(pass)
  for (const [node, row] of timeline.gradients) {
    const found = latest(row, step, progress)
    if (found?.tensors[0] && found.step >= begins) shown.set(node, found.tensors[0])
  }
  return shown
}

function mapValues<A, B>(map: ReadonlyMap<string, A>, pick: (value: A) => B | undefined): Map<string, B> {
  const picked = new Map<string, B>()
  for (const [key, value] of map) {
    const found = pick(value)
    if (found !== undefined) picked.set(key, found)
  }
  return picked
}

function travelsOf(timeline: Timeline, step: Step): Travel[] {
  const pass = passOf(timeline, step)
  const travels: Travel[] = []
  for (const id of step.edges) {
    const edge = timeline.edges.get(id)
    if (edge === undefined) continue
    const tensor = pass ? pass.contributions[id] : timeline.iteration.values[edge.source]?.[edge.output]
    if (tensor) travels.push({ edge: id, tensor, direction: pass ? 'backward' : 'forward' })
  }
  return travels
}
