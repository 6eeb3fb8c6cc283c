/** Unusual numbers in what is on show: exactly zero, not a number, infinite; and leaves that got no gradient. Pure. */

import type { Tensor } from '../core/contract'
import { gradientIn } from './lookup'
import type { Flow, NotFinite, Timeline } from './model'

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
