/** The formula of a contribution: upstream × local, with numbers where the local derivative is known. Pure. */

import type { Step } from '../core/contract'
import { formatNumber, toNumber } from '../core/numbers'
import { canonicalArgument, operationOf } from '../core/operations'
import { elementIndexText, gradientIn, inBrackets, passOf, scalar } from './lookup'
import type { Frame, Timeline } from './model'

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

/** Return the factor of the element with the largest contribution, where the local derivative is one number per element. */
export function elementFactor(timeline: Timeline, step: Step, edge: string): Factors | null {
  const pass = passOf(timeline, step)
  const [upstream, contribution] = [gradientIn(pass, step.node), pass?.contributions[edge]]
  const { kind } = operationOf(timeline.nodes.get(step.node)?.op)
  if (!upstream?.data || !contribution?.data?.length) return null
  const alike = kind === 'elementwise' && upstream.shape.join() === contribution.shape.join()
  const spread = kind === 'reduction' && upstream.data.length === 1
  if (!alike && !spread) return null
  let found: Factors | null = null
  for (const [i, x] of contribution.data.entries()) {
    if (Array.isArray(x)) return null
    const one = factors(elementIndexText(contribution, i), toNumber(upstream.data[spread ? 0 : i] ?? 0), toNumber(x))
    if (one !== null && (found === null || Math.abs(one.contribution) > Math.abs(found.contribution))) found = one
  }
  return found
}

/** Return the product of matrices of a contribution: "∂L/∂y @ w.T"; null for other operations. */
export function matrixProduct(timeline: Timeline, step: Step, edge: string): string | null {
  const node = timeline.nodes.get(step.node)
  const edges = timeline.steps.find((s) => s.kind === 'operation' && s.node === step.node)?.edges ?? []
  const inputs = edges.flatMap((id) => timeline.edges.get(id) ?? [])
  const to = inputs.find(({ id }) => id === edge)
  const upstream = gradientIn(passOf(timeline, step), step.node)
  if (node === undefined || to === undefined || upstream?.shape.length !== 2) return null
  const names = new Map(
    inputs.map((one) => [canonicalArgument(one.argument), short(timeline.nodes.get(one.source)?.name ?? one.argument)]),
  )
  const rule = operationOf(node.op).gradient[canonicalArgument(to.argument)]
  const factor = /<(\w+)>/.exec(rule ?? '')?.[1]
  if (rule === undefined || factor === undefined) return rule ?? null
  const name = names.get(factor)
  return name === undefined ? null : rule.replace(`<${factor}>`, () => name)
}

/** Return the formula of each contribution that leaves in a step. */
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
