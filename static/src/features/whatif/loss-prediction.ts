/**
 * The change of the loss that the recorded gradient predicts, beside the change that came. Pure.
 *
 * Along a small change Δ of a leaf w the loss changes by about ∂L/∂w · Δ; of several, by the sum over all elements: the first
 * term of Taylor's series. What is left, the difference, comes from the second order and above.
 */

import type { BackwardPass, Element, Iteration, SnapshotHead } from '../../core/contract'
import { iterationName } from '../../core/iteration-names'
import { toNumber } from '../../core/numbers'
import { gradientIn, scalar } from '../../walk/lookup'
import { rounded, spacing } from './dtype-rounding'
import { deltaOf } from './leaf-changes'
import { flatOf, graphOf, leafNamed } from './leaf-elements'
import type { Change, WhatIfState } from './what-if-state'

/** One element's part of the prediction. */
export interface Term {
  change: Change
  delta: number
  gradient: number
}

/** A prediction of the gradient; or a sentence that says why there is none. */
export type Prediction = { terms: readonly Term[]; total: number; note: string | null } | { none: string }

export interface Difference {
  /** Real minus predicted. */
  amount: number
  /** The share of the real change, 0..; null where that is zero. */
  share: number | null
  /** True if the difference is no more than the rounding of the loss in its dtype. */
  isRounding: boolean
}

export interface Comparison {
  /** The loss of the iteration, in the recorded run and in the one on show; null where it has none. */
  before: number | null
  now: number | null
  real: number | null
  prediction: Prediction
  difference: Difference | null
}

type Recorded = WhatIfState['recorded']

/** Compares the loss of iteration `k`, from 0, in the run `head` with `changes` to that of the recorded run. */
export function compare(recorded: Recorded, changes: readonly Change[], head: SnapshotHead, k: number): Comparison {
  const dtype = dtypeOfLoss(recorded)
  const [before, now] = [recorded.head, head].map((run) => lossOf(run, k, dtype)) as [number | null, number | null]
  const real = before === null || now === null ? null : now - before
  const prediction = predict(recorded, changes, k)
  const largest = Math.max(Math.abs(before ?? 0), Math.abs(now ?? 0))
  const difference = real === null || 'none' in prediction ? null : differenceOf(real, prediction.total, largest, dtype)
  return { before, now, real, prediction, difference }
}

/** Return the loss of an iteration, exactly; null when it has no finite one. */
function lossOf(head: SnapshotHead, k: number, dtype: string): number | null {
  const loss = finite(head.iterations.find(({ index }) => index === k)?.loss ?? null)
  return loss === null ? null : rounded(loss, dtype)
}

function dtypeOfLoss({ body }: Recorded): string {
  const root = body.backward[0]?.root
  return (root && body.values[root.node]?.[root.output]?.dtype) ?? 'float32'
}

export function finite(loss: Element | null): number | null {
  const number = loss === null ? Number.NaN : toNumber(loss)
  return Number.isFinite(number) ? number : null
}

/** Return the change of the loss of iteration `k` that the recorded gradients predict for `changes`. */
export function predict(recorded: Recorded, changes: readonly Change[], k: number): Prediction {
  const { body } = recorded
  if (body.index !== k) return { none: afterUpdates(recorded, k) }
  const pass = body.backward[0]
  if (pass === undefined) return { none: 'the recorded run has no backward pass here, so no gradient' }
  if (pass.roots.length > 1) return { none: 'its backward pass started from several tensors, not from one loss' }
  const seed = seedOf(pass)
  if (seed === 0) return { none: 'its backward pass started with a gradient of 0' }
  const terms: Term[] = []
  for (const change of changes) {
    const gradient = gradientOf(recorded, pass, change)
    if (typeof gradient === 'string') return { none: gradient }
    terms.push({ change, delta: deltaOf(change), gradient: gradient / seed })
  }
  const total = terms.reduce((sum, { delta, gradient }) => sum + delta * gradient, 0)
  return { terms, total, note: noteOf(body, seed) }
}

function gradientOf({ head, body }: Recorded, pass: BackwardPass, { name, index, label }: Change): number | string {
  const graph = graphOf(head, body)
  const leaf = leafNamed(graph, name)
  if (leaf === undefined) return `no gradient, for ${name} is no leaf of this iteration`
  if (!leaf.requires_grad) return `no gradient, for ${name} does not require one`
  const gradient = gradientIn(pass, leaf.id)
  if (gradient === null) return `no gradient, for none came to ${name} in the backward pass`
  const element = gradient.data?.[flatOf(index, gradient.shape)]
  if (element === undefined) return `the gradient of ${name} is too large to stand in the iteration`
  const number = toNumber(element)
  return Number.isFinite(number) ? number : `the gradient of ${label} is ${String(element)}`
}

/** The gradient that the pass started with, where it was given one. */
function seedOf({ root, seeds }: BackwardPass): number {
  const given = seeds[root.node]?.[root.output]
  return given === null || given === undefined ? 1 : (scalar(given) ?? 1)
}

function noteOf(body: Iteration, seed: number): string | null {
  const passes = body.backward.length
  const notes: string[] = []
  if (passes > 1)
    notes.push(`This iteration has ${passes} backward passes: the loss and its gradient are the first one's.`)
  if (seed !== 1) notes.push(`The backward pass started with ${seed} and not with 1: the gradient is divided by it.`)
  return notes.join(' ') || null
}

function afterUpdates({ head, body }: Recorded, k: number): string {
  const [there, here] = [body.index, k].map((index) => iterationName(head.iterations, index))
  const where = `the gradient is of the loss of ${there}, and ${here} comes`
  return k > body.index ? `${where} after further updates` : `${where} before it`
}

function differenceOf(real: number, predicted: number, largest: number, dtype: string): Difference {
  const amount = real - predicted
  const isRounding = Math.abs(amount) <= 2 * spacing(largest, dtype)
  return { amount, share: real === 0 ? null : Math.abs(amount / real), isRounding }
}
