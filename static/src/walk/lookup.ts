/** Reading one number, one gradient, one update out of an iteration. Pure. */

import type { BackwardPass, GradientChange, Step, Tensor } from '../core/contract'
import { formatNumber, toNumber } from '../core/numbers'
import type { Arrival, Timeline } from './model'

/** The pass that a step belongs to. */
export function passOf(timeline: Timeline, step: Step): BackwardPass | undefined {
  return step.pass === null ? undefined : timeline.iteration.backward[step.pass]
}

/** The only number of a tensor with one element; null for any other tensor. */
export function scalar(tensor: Tensor | null | undefined): number | null {
  const only = tensor?.data?.length === 1 ? tensor.data[0] : undefined
  return only === undefined || Array.isArray(only) ? null : toNumber(only)
}

/** The gradient of a node in a pass: of its first output that has one. */
export function gradientIn(pass: BackwardPass | undefined, node: string): Tensor | null {
  return pass?.gradients[node]?.find((t) => t !== null) ?? null
}

/** The update that an update step shows: the steps and the updates of an iteration are in the same order. */
export function updateAt(timeline: Timeline, step: Step) {
  const before = timeline.steps.filter((s) => s.kind === 'update' && s.index < step.index).length
  return timeline.iteration.updates[before]
}

/** The change of a gradient that a step shows: they are in the order of their steps, too. */
export function changeAt(timeline: Pick<Timeline, 'iteration' | 'steps'>, step: Step): GradientChange | undefined {
  const before = timeline.steps.filter((s) => s.kind === 'change' && s.index < step.index).length
  return timeline.iteration.changes?.[before]
}

/** A number as a factor or a summand: negative ones in brackets. */
export function inBrackets(x: number): string {
  return x < 0 ? `(${formatNumber(x)})` : formatNumber(x)
}

/** Return the index of an element, as "[0, 2]", from its position among all; empty where there is only one number. */
export function elementIndexText({ shape, data }: Tensor, flat: number): string {
  if ((data?.length ?? 0) < 2) return ''
  const index: number[] = []
  let rest = flat
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return `[${index.join(', ')}]`
}

/** The contributions that a node has received by the end of a step, in its pass. */
export function arrivedBy(timeline: Timeline, pass: number, node: string, step: number): readonly Arrival[] {
  return (timeline.arrivals[pass]?.get(node) ?? []).filter((a) => a.step <= step)
}
