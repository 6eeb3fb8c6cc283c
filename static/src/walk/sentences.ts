/** One sentence for every step, as parts that the page colours and as text that a screen reader speaks. Pure. */

import type { StaleGradient, Step, Tensor } from '../core/contract'
import { formatNumber, formOf } from '../core/numbers'
import { operationOf } from '../core/operations'
import { startText, sumText, updateText } from './annotations'
import { anomalyOf } from './anomalies'
import { arrivedBy, gradientIn, inBrackets, passOf, scalar, updateAt } from './lookup'
import type { Timeline } from './model'
import { staleGradientAt, staleGradientText } from './observations'
import { elementFactor, localFactor, matrixProduct } from './product'
import { movesText } from './update-moves'

export interface Part {
  text: string
  kind: 'plain' | 'strong' | 'value' | 'gradient' | 'update' | 'error'
}

export interface Narration {
  parts: readonly Part[]
  text: string
}

const plain = (text: string): Part => ({ text, kind: 'plain' })
const strong = (text: string): Part => ({ text, kind: 'strong' })
const value = (text: string): Part => ({ text, kind: 'value' })
const gradient = (text: string): Part => ({ text, kind: 'gradient' })
const update = (text: string): Part => ({ text, kind: 'update' })

/** The last narration of each timeline: the page asks with every frame, and the same parts need not be written again. */
const last = new WeakMap<Timeline, { index: number; told: Narration }>()

/** The sentence of step number `index` (0-based). */
export function narrate(timeline: Timeline, index: number): Narration {
  const known = last.get(timeline)
  if (known?.index === index) return known.told
  const told = tell(timeline, index)
  last.set(timeline, { index, told })
  return told
}

function tell(timeline: Timeline, index: number): Narration {
  const step = timeline.steps[index]
  const body = step === undefined ? [plain('Nothing was recorded.')] : TELL[step.kind](timeline, step)
  const place = step === undefined ? '' : `Step ${index + 1} of ${timeline.steps.length}, ${timeline.phases[index]}. `
  const parts = [plain(place), ...body, ...(step === undefined ? [] : tellOdd(timeline, step))]
  return { parts, text: parts.map((p) => p.text).join('') }
}

const TELL: Record<Step['kind'], (timeline: Timeline, step: Step) => Part[]> = {
  leaf: tellLeaf,
  operation: tellOperation,
  backward: tellBackward,
  accumulate: tellAccumulate,
  update: tellUpdate,
}

/** Add what must not be missed: the first NaN or infinite number, and a gradient that ends. */
function tellOdd(timeline: Timeline, step: Step): Part[] {
  const origins = timeline.observations.non_finite.filter((one) => one.step === step.index)
  const parts: Part[] = origins.map(({ what, where }) => ({
    text: ` The first ${what} ${where === 'gradient' ? 'among the gradients ' : ''}of this iteration begins here.`,
    kind: 'error',
  }))
  if (step.kind !== 'backward') return parts
  const pass = passOf(timeline, step)
  // what was zero on arrival began to be so at another step
  if (anomalyOf(gradientIn(pass, step.node)).zero) return parts
  const dry = step.edges.filter((edge) => anomalyOf(pass?.contributions[edge]).zero)
  const names = dry.map((edge) => nodeName(timeline, timeline.edges.get(edge)?.source ?? ''))
  return names.length === 0
    ? parts
    : [...parts, strong(` No gradient flows on to ${names.join(' and ')}: it is exactly 0.`)]
}

/** Return the name of a node for a reader: its variable, else its operation. */
export function nodeName(timeline: Timeline, id: string): string {
  const node = timeline.nodes.get(id)
  return node?.name ?? operationName(node?.op) ?? 'a tensor'
}

/** Return what a program calls an operation; what Python writes with brackets has a word instead of a name. */
export function operationName<T extends string | null | undefined>(op: T): string | T {
  return (op?.startsWith('__') && operationOf(op).word) || op
}

function called(tensor: Tensor | null | undefined): string {
  if (!tensor) return 'nothing'
  const number = scalar(tensor)
  if (number !== null) return formatNumber(number)
  return formOf(tensor.shape) + among(tensor)
}

/** Return a phrase about the anomalies of many numbers. */
function among(tensor: Tensor): string {
  const { zero, notFinite } = anomalyOf(tensor)
  if (zero) return ' (all zero)'
  return notFinite.length === 0 ? '' : ` (some are ${notFinite.join(' and ')})`
}

function tellLeaf(timeline: Timeline, step: Step): Part[] {
  const node = timeline.nodes.get(step.node)
  const tensor = timeline.iteration.values[step.node]?.[0]
  const learns = node?.kind === 'parameter' ? ' and asks for its gradient' : ''
  const dtype = tensor ? ` (${tensor.dtype})` : ''
  return [
    plain('The program creates '),
    strong(nodeName(timeline, step.node)),
    plain(' = '),
    value(called(tensor)),
    plain(`${dtype}${learns}.`),
  ]
}

function tellOperation(timeline: Timeline, step: Step): Part[] {
  const node = timeline.nodes.get(step.node)
  const inputs = step.edges.map((id) => timeline.edges.get(id)).filter((e) => e !== undefined)
  const parts: Part[] = [strong(operationName(node?.op) ?? 'An operation')]
  if (inputs.length > 0) parts.push(plain(' takes '))
  inputs.forEach((edge, i) => {
    if (i > 0) parts.push(plain(i === inputs.length - 1 ? ' and ' : ', '))
    const source = timeline.nodes.get(edge.source)
    if (source?.name) parts.push(plain(`${source.name} = `))
    parts.push(value(called(timeline.iteration.values[edge.source]?.[edge.output])))
  })
  if (node?.failed) return [...parts, { text: ' and fails here.', kind: 'error' }]
  const outputs = timeline.iteration.values[step.node] ?? []
  parts.push(plain(inputs.length > 0 ? ' and gives ' : ' gives '))
  if (node?.name) parts.push(strong(node.name), plain(' = '))
  outputs.slice(0, 3).forEach((tensor, i) => {
    if (i > 0) parts.push(plain(', '))
    parts.push(value(called(tensor)))
  })
  return [...parts, plain('.')]
}

function tellBackward(timeline: Timeline, step: Step): Part[] {
  const pass = passOf(timeline, step)
  const own = gradientIn(pass, step.node)
  const isRoot = pass?.roots.some((r) => r.node === step.node) ?? false
  const [first] = step.edges
  const opening = isRoot
    ? [plain('Backward starts with '), gradient(startText(timeline, step) ?? called(own)), plain(' at the end. ')]
    : meeting(timeline, step)
  if (first === undefined) {
    return [
      ...opening,
      strong(nodeName(timeline, step.node)),
      plain(' has the gradient '),
      gradient(called(own)),
      plain('.'),
    ]
  }
  const parts: Part[] = [
    ...opening,
    strong(operationName(timeline.nodes.get(step.node)?.op) ?? 'The operation'),
    plain(' passes the gradient on to '),
  ]
  step.edges.forEach((id, i) => {
    const edge = timeline.edges.get(id)
    if (i > 0) parts.push(plain(i === step.edges.length - 1 ? ' and ' : ', '))
    parts.push(strong(nodeName(timeline, edge?.source ?? '')), plain(': '), ...product(timeline, step, id))
  })
  return [...parts, plain('.')]
}

function meeting(timeline: Timeline, step: Step): Part[] {
  const arrived = step.pass === null ? [] : arrivedBy(timeline, step.pass, step.node, step.index)
  if (arrived.length < 2) return []
  const name = nodeName(timeline, step.node)
  return [
    plain(`${arrived.length} contributions met at `),
    strong(name),
    plain(': '),
    gradient(sumText(arrived)),
    plain('. '),
  ]
}

function product(timeline: Timeline, step: Step, edge: string): Part[] {
  const contribution = passOf(timeline, step)?.contributions[edge]
  const worked = elementFactor(timeline, step, edge)
  const factors = localFactor(timeline, step, edge)
  if (factors === null) {
    // of three ways the stage says how each came about: the sentence would cover the drawing
    if (step.edges.length > 2) return [gradient(called(contribution))]
    const matrices = worked === null ? matrixProduct(timeline, step, edge) : null
    if (matrices !== null) return [gradient(called(contribution)), plain(` = ${matrices}`)]
    if (worked === null || worked.place === '') return [gradient(called(contribution))]
    return [
      gradient(called(contribution)),
      plain(`, at ${worked.place} `),
      gradient(formatNumber(worked.upstream)),
      plain(` upstream × ${inBrackets(worked.local)} local = `),
      gradient(formatNumber(worked.contribution)),
    ]
  }
  return [
    gradient(formatNumber(factors.upstream)),
    plain(` upstream × ${inBrackets(factors.local)} local = `),
    gradient(formatNumber(factors.contribution)),
  ]
}

function tellAccumulate(timeline: Timeline, step: Step): Part[] {
  const pass = passOf(timeline, step)
  const name = nodeName(timeline, step.node)
  const arrived = gradientIn(pass, step.node)
  const total = pass?.accumulated[step.node]
  const stale = staleGradientAt(timeline, step)
  const parts = [
    ...meeting(timeline, step),
    plain('The gradient '),
    gradient(called(arrived)),
    plain(' arrives at '),
    strong(name),
  ]
  const ending: Part[] = [strong(`${name}.grad`), plain(' is now '), gradient(called(total)), plain('.')]
  return stale === null
    ? [...parts, plain(': '), ...ending]
    : [...parts, plain('. '), ...tellStaleGradient(name, stale)]
}

/** The gradient of an earlier pass is part of this one's `.grad`. */
function tellStaleGradient(name: string, stale: StaleGradient): Part[] {
  const share = stale.of > 1 ? ` (${stale.count} of its ${stale.of} numbers)` : ''
  return [
    strong(`The old ${name}.grad was still there`),
    plain(`${share}: `),
    gradient(staleGradientText(stale)),
    plain('. Nothing had cleared it, as zero_grad() does.'),
  ]
}

function tellUpdate(timeline: Timeline, step: Step): Part[] {
  const found = updateAt(timeline, step)
  const name = nodeName(timeline, step.node)
  if (found === undefined) return [strong(name), plain(' is updated.')]
  const who = found.optimizer === null ? 'The program changes ' : `${found.optimizer} changes `
  if (scalar(found.after) !== null)
    return [plain(who), strong(name), plain(': '), update(updateText(timeline, step)), plain('.')]
  const rate = typeof found.settings.lr === 'number' ? ` with learning rate ${formatNumber(found.settings.lr)}` : ''
  const { many, way, rest } = movesText(found)
  return [plain(who), strong(name), plain(`${rate}: ${many}`), update(way), plain(`${rest}.`)]
}
