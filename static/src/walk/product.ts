/** How a contribution came about: upstream × local, with numbers where numbers can say it. Pure. */

import type { Edge, Step } from '../core/contract'
import { formatNumber, toNumber } from '../core/numbers'
import { elementIndexText, gradientIn, inBrackets, passOf, scalar } from './lookup'
import type { Frame, Timeline } from './model'

/** Operations of which each number depends on one number of each input: their local derivative is a number per element. */
const ELEMENTWISE: ReadonlySet<string> = new Set(
  `abs add clamp cos div dropout elu erf exp gelu hardtanh leaky_relu log log1p log2 log10 logsigmoid mul neg pow reciprocal relu
  relu6 rsqrt selu sigmoid silu sin softplus sqrt square sub tan tanh true_divide`.split(/\s+/),
)
const MATMUL: ReadonlySet<string> = new Set(['matmul', 'mm'])
const REDUCTIONS: ReadonlySet<string> = new Set(['sum', 'mean'])
/** Letters of a name that a note has room for. */
const LONGEST_NAME = 8

/** upstream · local = contribution of one element. `place`: "[0, 2]", empty for a single number. */
export interface Factors {
  place: string
  upstream: number
  local: number
  contribution: number
}

/** upstream · local = contribution, where all three are single numbers and the division says what local is. */
export function localFactor(timeline: Timeline, step: Step, edge: string): Factors | null {
  const pass = passOf(timeline, step)
  const upstream = scalar(gradientIn(pass, step.node))
  const contribution = scalar(pass?.contributions[edge])
  return upstream === null || contribution === null ? null : factors('', upstream, contribution)
}

/** The same of the element with the largest contribution, where the local derivative is one number per element. */
export function elementFactor(timeline: Timeline, step: Step, edge: string): Factors | null {
  const pass = passOf(timeline, step)
  const [upstream, contribution] = [gradientIn(pass, step.node), pass?.contributions[edge]]
  const op = timeline.nodes.get(step.node)?.op ?? ''
  if (!upstream?.data || !contribution?.data?.length) return null
  const alike = ELEMENTWISE.has(op) && upstream.shape.join() === contribution.shape.join()
  const spread = REDUCTIONS.has(op) && upstream.data.length === 1
  if (!alike && !spread) return null
  let found: Factors | null = null
  for (const [i, x] of contribution.data.entries()) {
    if (Array.isArray(x)) return null
    const one = factors(elementIndexText(contribution, i), toNumber(upstream.data[spread ? 0 : i] ?? 0), toNumber(x))
    if (one !== null && (found === null || Math.abs(one.contribution) > Math.abs(found.contribution))) found = one
  }
  return found
}

/** The product of matrices that a contribution is: "∂L/∂y @ w.T"; null where the operation is none. */
export function matrixProduct(timeline: Timeline, step: Step, edge: string): string | null {
  const node = timeline.nodes.get(step.node)
  const edges = timeline.steps.find((s) => s.kind === 'operation' && s.node === step.node)?.edges ?? []
  const inputs = edges.flatMap((id) => timeline.edges.get(id) ?? [])
  const to = inputs.find(({ id }) => id === edge)
  const upstream = gradientIn(passOf(timeline, step), step.node)
  if (node === undefined || to === undefined || upstream?.shape.length !== 2) return null
  const name = (one: Edge) => short(timeline.nodes.get(one.source)?.name ?? one.argument)
  const [first, second] = inputs
  if (MATMUL.has(node.op ?? '') && first && second)
    return to === first ? `upstream @ ${name(second)}.T` : `${name(first)}.T @ upstream`
  if (node.op !== 'linear') return null
  const at = (argument: string) => inputs.find((one) => one.argument === argument)
  const [input, weight] = [at('input'), at('weight')]
  if (to === input) return weight ? `upstream @ ${name(weight)}` : null
  if (to === weight) return input ? `upstream.T @ ${name(input)}` : null
  return to.argument === 'bias' ? 'upstream.sum(0)' : null
}

/** Beside each contribution that leaves in a step, how it came about. */
export function notesOf(timeline: Timeline, step: Step): Frame['notes'] {
  if (step.kind !== 'backward') return []
  return step.edges.flatMap((edge) => {
    const text = noteText(timeline, step, edge)
    return text === null ? [] : [{ edge, text }]
  })
}

function noteText(timeline: Timeline, step: Step, edge: string): string | null {
  const found = localFactor(timeline, step, edge) ?? elementFactor(timeline, step, edge)
  if (found !== null) {
    const product = `${formatNumber(found.upstream)} × ${inBrackets(found.local)}`
    return found.place === '' ? product : `${found.place}: ${product}`
  }
  const product = matrixProduct(timeline, step, edge)
  if (product !== null) return product
  return step.edges.length > 1 ? null : 'upstream × local'
}

function factors(place: string, upstream: number, contribution: number): Factors | null {
  if (upstream === 0 || !Number.isFinite(upstream) || !Number.isFinite(contribution)) return null
  return { place, upstream, local: contribution / upstream, contribution }
}

/** The end of a long path: "weight" of "model.layers.0.weight". */
function short(name: string): string {
  return name.length > LONGEST_NAME ? (name.split('.').at(-1) ?? name).slice(0, LONGEST_NAME) : name
}
