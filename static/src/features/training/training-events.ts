/** The events of a training that are worth a look, each with a sentence that names its numbers. Pure. */

import type { SnapshotHead } from '../../core/contract'
import { iterationName, iterationPlace } from '../../core/iteration-names'
import { formatNumber } from '../../core/numbers'
import { finite, indexOfLargest, indexOfSmallest, isNumber, type Series } from '../../ui/chart/series'
import { numberText } from '../../ui/chart/series-text'
import { type Multiple, type Training, trainingOf } from './training-history'

export interface TrainingEvent {
  kind: 'nonfinite' | 'largest-gradient' | 'rise' | 'lowest' | 'no-gradient'
  /** From 0: where to go. */
  iteration: number
  /** The node that it is about, in the graph of that iteration; null when it is about the loss. */
  node: string | null
  /** Which of the node's tensors. */
  where: 'value' | 'gradient'
  text: string
}

type Head = Pick<SnapshotHead, 'iterations' | 'course' | 'graphs'>

/** The events of a training, the most urgent first. */
export function eventsOf(head: Head, training: Training = trainingOf(head)): TrainingEvent[] {
  return [
    ...firstNonfinite(head),
    ...largestGradient(head, training),
    ...largestRise(training),
    ...lowestLoss(training),
    ...withoutGradient(head, training),
  ]
}

function firstNonfinite({ course, iterations, graphs }: Head): TrainingEvent[] {
  const first = course?.first_nonfinite
  if (!first) return []
  const graph = graphs.find(({ id }) => id === iterations[first.iteration]?.graph)
  const node = graph?.nodes.find(({ id }) => id === first.node)
  const what = first.where === 'value' ? 'the value' : 'the gradient'
  const name = node?.name ?? node?.op ?? 'a tensor'
  const line = node?.line ? ` (line ${node.line})` : ''
  const text = `First NaN or infinite number: ${what} of ${name}${line}, ${iterationName(iterations, first.iteration)}`
  return [{ kind: 'nonfinite', iteration: first.iteration, node: first.node, where: first.where, text }]
}

function largestGradient(head: Head, { iterations, multiples }: Training): TrainingEvent[] {
  const tops = multiples.map(({ gradient }) => {
    const at = indexOfLargest(gradient)
    return at === null ? null : (gradient[at] as number)
  })
  const best = indexOfLargest(tops)
  const one = best === null ? undefined : multiples[best]
  const at = one && indexOfLargest(one.gradient)
  if (!one || at === null || at === undefined || !tops[best as number]) return []
  const text = `Largest gradient: ${one.name}, norm ${numberText(one.gradient, at)}, ${iterationPlace(iterations, at)}`
  return [{ kind: 'largest-gradient', iteration: at, node: nodeIn(head, one, at), where: 'gradient', text }]
}

function largestRise({ evaluations, iterations, losses }: Training): TrainingEvent[] {
  // the loss of the last turn that trained
  const before = (i: number) => losses[evaluations.lastIndexOf(false, i - 1)] ?? null
  const rises = losses.map((loss, i): number | null => {
    const last = i === 0 ? null : before(i)
    return isNumber(loss) && isNumber(last) && loss > last ? loss - last : null
  })
  const at = indexOfLargest(rises)
  if (at === null) return []
  const times = finite(rises).length
  const often = times === 1 ? 'The loss rose once' : `The loss rose ${times} times, most`
  const text = `${often} in ${iterationName(iterations, at)}: from ${formatNumber(before(at) as number)} to ${numberText(losses, at)}`
  return [{ kind: 'rise', iteration: at, node: null, where: 'value', text }]
}

function lowestLoss({ iterations, losses }: Training): TrainingEvent[] {
  const at = indexOfSmallest(losses)
  if (at === null) return []
  const first = finite(losses)[0] as number
  const begun = losses[at] === first ? '' : `, begun at ${formatNumber(first)}`
  const text = `Lowest loss: ${numberText(losses, at)}, ${iterationPlace(iterations, at)}${begun}`
  return [{ kind: 'lowest', iteration: at, node: null, where: 'value', text }]
}

/** Parameters that never had a chance to learn: the gradient was zero all the time, or there was none. */
function withoutGradient(head: Head, { multiples }: Training): TrainingEvent[] {
  return multiples.flatMap((one) => {
    const numbers = one.gradient.filter((x) => x !== null)
    if (numbers.some((x) => x !== 0)) return []
    const at = Math.max(0, firstPart(numbers.length > 0 ? one.gradient : one.low))
    const part = one.low.filter((x) => x !== null).length
    const text =
      numbers.length > 0
        ? `${one.name} never moved by its gradient: it was 0 in all ${numbers.length} iterations that had one`
        : `${one.name} had no gradient in any of its ${part} iterations`
    return [{ kind: 'no-gradient', iteration: at, node: nodeIn(head, one, at), where: 'gradient', text }]
  })
}

function firstPart(series: Series): number {
  return series.findIndex((x) => x !== null)
}

function nodeIn({ iterations, graphs }: Head, one: Multiple, iteration: number): string | null {
  const at = graphs.findIndex(({ id }) => id === iterations[iteration]?.graph)
  return one.nodes[at] ?? null
}
