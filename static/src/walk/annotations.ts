/** Annotations on the stage beside a step: sums, products, updates, with their numbers. Pure. */

import type { GradientChange, Step } from '../core/contract'
import { formatNumber } from '../core/numbers'
import { arrivedBy, changeAt, inBrackets, scalar, updateAt } from './lookup'
import type { Arrival, Frame, Timeline } from './model'

/** Letters of a root's name that its start is written with. */
const LONGEST_NAME = 8

/** "2.2 − 0.01 · (−0.0898) = 2.201" for plain gradient descent on a scalar, else "2.2 → 2.201". */
export function updateText(timeline: Timeline, step: Step): string {
  const update = updateAt(timeline, step)
  if (update === undefined) return ''
  const [before, after, gradient] = [scalar(update.before), scalar(update.after), scalar(update.gradient)]
  const rate = update.settings.lr
  if (before === null || after === null) return update.optimizer === null ? 'new values' : `${update.optimizer} step`
  const plain = update.optimizer === 'SGD' && !update.settings.momentum && !update.settings.weight_decay
  if (!plain || gradient === null || typeof rate !== 'number') return `${formatNumber(before)} → ${formatNumber(after)}`
  return `${formatNumber(before)} − ${formatNumber(rate)} · ${inBrackets(gradient)} = ${formatNumber(after)}`
}

/** "−1.005 → −0.7523": what the program makes of a gradient; with the factor where all of it is multiplied by one. */
function changeText({ before, after, settings, function: doer }: GradientChange): string {
  const { factor } = settings
  const [old, grad] = [scalar(before), scalar(after)]
  if (old !== null && grad !== null)
    return typeof factor === 'number' && factor !== 1
      ? `${formatNumber(old)} · ${formatNumber(factor)} = ${formatNumber(grad)}`
      : `${formatNumber(old)} → ${formatNumber(grad)}`
  return typeof factor === 'number' ? `× ${formatNumber(factor)}` : doer
}

/** The update written out at its leaf, where it is a single number, and what the program makes of a gradient before. */
export function updateOf(timeline: Timeline, step: Step): Frame['update'] {
  const change = step.kind === 'change' ? changeAt(timeline, step) : undefined
  if (change) return { node: step.node, text: changeText(change) }
  if (step.kind !== 'update' || scalar(updateAt(timeline, step)?.after) === null) return null
  return { node: step.node, text: updateText(timeline, step) }
}

/** "2 + 3 = 5": the contributions that meet at a node; shapes where they are not scalars. */
export function sumText(arrived: readonly Arrival[]): string {
  const numbers = arrived.map((a) => scalar(a.tensor))
  if (numbers.some((x) => x === null)) return `${arrived.length} contributions add up`
  const total = numbers.reduce<number>((sum, x) => sum + (x ?? 0), 0)
  return `${numbers.map((x, i) => (i === 0 ? formatNumber(x ?? 0) : inBrackets(x ?? 0))).join(' + ')} = ${formatNumber(total)}`
}

/** "∂loss/∂loss = 1" at the root of a pass that starts with 1; null elsewhere. */
export function startText({ iteration, nodes }: Timeline, step: Step): string | null {
  const pass = step.pass === null ? undefined : iteration.backward[step.pass]
  const isRoot = pass?.roots.some((root) => root.node === step.node) ?? false
  if (!isRoot || scalar(pass?.seeds?.[step.node]?.[0]) !== 1) return null
  const name = nodes.get(step.node)?.name ?? 'L'
  return name.length > LONGEST_NAME ? '∂L/∂L = 1' : `∂${name}/∂${name} = 1`
}

/** The contributions that meet at the step's node, or at the one where they have just arrived. */
export function sumOf(timeline: Timeline, at: number, arrived: boolean): Frame['sum'] {
  const step = timeline.steps[at]
  if (step === undefined || step.pass === null) return null
  const own = arrivedBy(timeline, step.pass, step.node, at)
  if (own.length > 1) return { node: step.node, text: sumText(own) }
  const start = startText(timeline, step)
  if (start !== null) return { node: step.node, text: start }
  if (!arrived) return null
  for (const id of step.edges) {
    const source = timeline.edges.get(id)?.source
    const met = source === undefined ? [] : arrivedBy(timeline, step.pass, source, at)
    if (source !== undefined && met.length > 1) return { node: source, text: sumText(met) }
  }
  return null
}
