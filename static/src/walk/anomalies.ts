/** Anomalies of numbers: exactly zero, NaN, infinite; where they began, and which nodes got no gradient at all. Pure. */

import type { Step, Tensor } from '../core/contract'
import { writesConstants } from '../core/operations'
import { gradientIn, passOf } from './lookup'
import type { Flow, NotFinite, Origin, Timeline } from './model'

/** The anomaly of some of a tensor's numbers; `zero`: of all. For a tensor without numbers `∞` means either sign. */
export interface Anomaly {
  zero: boolean
  notFinite: readonly NotFinite[]
}

const WORDS: Readonly<Record<string, NotFinite>> = { NaN: 'NaN', Infinity: '∞', '-Infinity': '−∞' }
const ORDER: readonly NotFinite[] = ['NaN', '∞', '−∞']
const USUAL: Anomaly = { zero: false, notFinite: [] }
const ZERO: Anomaly = { zero: true, notFinite: [] }

const known = new WeakMap<Tensor, Anomaly>()

/** Return the anomaly of a tensor's numbers. */
export function anomalyOf(tensor: Tensor | null | undefined): Anomaly {
  if (!tensor) return USUAL
  // most tensors of a large graph are single numbers: a look at them is cheaper than a memory of them
  const [only] = tensor.data?.length === 1 ? tensor.data : []
  if (typeof only === 'number') return only === 0 ? ZERO : USUAL
  const before = known.get(tensor)
  if (before !== undefined) return before
  const found = tensor.data === null ? fromStats(tensor) : fromNumbers(tensor.data)
  known.set(tensor, found)
  return found
}

function fromNumbers(data: NonNullable<Tensor['data']>): Anomaly {
  const kinds = new Set<NotFinite>()
  let zero = data.length > 0
  for (const x of data) {
    if (x !== 0) zero = false
    for (const one of Array.isArray(x) ? x : [x]) {
      const word = typeof one === 'string' ? WORDS[one] : undefined
      if (word !== undefined) kinds.add(word)
    }
  }
  return zero || kinds.size > 0 ? { zero, notFinite: ORDER.filter((kind) => kinds.has(kind)) } : USUAL
}

function fromStats({ stats }: Tensor): Anomaly {
  if (stats === null) return USUAL
  const notFinite: NotFinite[] = []
  if (stats.nans > 0) notFinite.push('NaN')
  if (stats.infs > 0) notFinite.push('∞')
  return { zero: notFinite.length === 0 && stats.min === 0 && stats.max === 0, notFinite }
}

const NO_FLOW: Flow = { zeroEdges: new Set(), nonFiniteEdges: new Set() }

interface AnomalousArrival {
  edge: string
  step: number
  zero: boolean
}

/** Per pass, the few arrivals that are odd: what is on show is asked for at every step, of graphs of any size. */
const odd = new WeakMap<Timeline, readonly (readonly AnomalousArrival[])[]>()

function anomalousArrivals(timeline: Timeline): readonly (readonly AnomalousArrival[])[] {
  const before = odd.get(timeline)
  if (before !== undefined) return before
  const found = timeline.arrivals.map((pass) => {
    const row: AnomalousArrival[] = []
    for (const arrivals of pass.values())
      for (const { edge, step, tensor } of arrivals) {
        const { zero, notFinite } = anomalyOf(tensor)
        if (zero || notFinite.length > 0) row.push({ edge, step, zero })
      }
    return row
  })
  odd.set(timeline, found)
  return found
}

/** Return the anomalous arrivals by the end of `step` in the pass on show; `arrived`: true if the step's own has. */
export function flowAt(timeline: Timeline, step: number, arrived: boolean): Flow {
  const pass = timeline.passes[step]
  const row = pass === null || pass === undefined ? [] : (anomalousArrivals(timeline)[pass] ?? [])
  const here = row.filter((one) => one.step < step || (one.step === step && arrived))
  if (here.length === 0) return NO_FLOW
  const edges = (zero: boolean) => new Set(here.flatMap((one) => (one.zero === zero ? [one.edge] : [])))
  return { zeroEdges: edges(true), nonFiniteEdges: edges(false) }
}

/** Leaves that ask for a gradient and got none, once the last step of the pass on show is done. */
export function withoutGradient(timeline: Timeline, step: number): ReadonlySet<string> {
  const pass = timeline.passes[step]
  const found = new Set<string>()
  if (pass === null || pass === undefined) return found
  if (timeline.steps.some((s) => s.pass === pass && s.index > step)) return found
  for (const node of timeline.nodes.values()) {
    if (node.op !== null || !node.requires_grad) continue
    const reached = timeline.iteration.backward.slice(0, pass + 1).some((one) => gradientIn(one, node.id) !== null)
    if (!reached) found.add(node.id)
  }
  return found
}

const origins = new WeakMap<Timeline, readonly Origin[]>()

/** Return the origins of the first NaN and the first infinite number of the iteration, in the order of the steps. */
export function originsOf(timeline: Timeline): readonly Origin[] {
  const before = origins.get(timeline)
  if (before !== undefined) return before
  const found: Origin[] = []
  for (const step of timeline.steps) {
    const isNew = (what: NotFinite) => !found.some((one) => (one.what === 'NaN') === (what === 'NaN'))
    for (const one of madeBy(timeline, step)) if (isNew(one.what)) found.push(one)
    if (found.length === 2) break
  }
  origins.set(timeline, found)
  return found
}

const NOTHING: readonly Origin[] = []

/** Return the anomalies that a step makes of finite numbers, or of numbers without NaN. */
function madeBy(timeline: Timeline, step: Step): readonly Origin[] {
  const { values } = timeline.iteration
  if (step.kind === 'leaf' || step.kind === 'operation') {
    const made = values[step.node] ?? []
    if (made.every((tensor) => anomalyOf(tensor).notFinite.length === 0)) return NOTHING
    const inputs = step.edges.map((id) => {
      const edge = timeline.edges.get(id)
      return edge && values[edge.source]?.[edge.output]
    })
    const node = timeline.nodes.get(step.node)
    const found = fresh(step, 'value', inputs, made)
    // an infinite number that the program itself gives, as in a mask, is no accident
    return writesConstants(node?.op, node?.arguments ?? {}) ? found.filter(({ what }) => what === 'NaN') : found
  }
  if (step.kind !== 'backward') return NOTHING
  const pass = passOf(timeline, step)
  if (step.edges.every((id) => anomalyOf(pass?.contributions[id]).notFinite.length === 0)) return NOTHING
  // a value that is not finite spoils the gradients that are computed with it: that began in the forward pass
  return fresh(
    step,
    'gradient',
    [gradientIn(pass, step.node)],
    step.edges.map((id) => pass?.contributions[id]),
  )
}

type Tensors = readonly (Tensor | null | undefined)[]

function fresh({ node, index }: Step, where: Origin['where'], taken: Tensors, made: Tensors): Origin[] {
  const came = new Set(taken.flatMap((tensor) => anomalyOf(tensor).notFinite))
  const kinds = new Set(made.flatMap((tensor) => anomalyOf(tensor).notFinite))
  const infinite = came.has('∞') || came.has('−∞')
  return ORDER.filter((what) => kinds.has(what) && (what === 'NaN' ? !came.has('NaN') : !infinite)).map((what) => ({
    node,
    step: index,
    what,
    where,
  }))
}
