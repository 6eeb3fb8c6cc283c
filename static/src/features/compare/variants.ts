/** Variants of a program with one change: another seed, another learning rate, another optimizer. Pure. */

import type { Literal, OptimizerCall } from './literals'
import { variableIn } from './literals'

/** Arguments of each optimizer of torch.optim besides the parameters (PyTorch 2.6 to 2.13, torch/optim). */
const COMMON = ['lr', 'weight_decay', 'foreach', 'maximize', 'differentiable']
const ADAM = [...COMMON, 'betas', 'eps', 'amsgrad', 'capturable', 'fused']
const TAKES: Readonly<Record<string, readonly string[]>> = {
  SGD: [...COMMON, 'momentum', 'dampening', 'nesterov', 'fused'],
  Adam: [...ADAM, 'decoupled_weight_decay'],
  AdamW: ADAM,
  RMSprop: [...COMMON, 'alpha', 'eps', 'momentum', 'centered', 'capturable'],
  Adagrad: [...COMMON, 'lr_decay', 'initial_accumulator_value', 'eps', 'fused'],
  Adadelta: [...COMMON, 'rho', 'eps', 'capturable'],
  Adamax: [...COMMON, 'betas', 'eps', 'capturable'],
  NAdam: [...COMMON, 'betas', 'eps', 'momentum_decay', 'decoupled_weight_decay', 'capturable'],
}
export const OPTIMIZERS = Object.keys(TAKES)
/** The parameters and the learning rate are the first two of all of them; a third means another thing in each. */
const ALIKE_BY_PLACE = 2

/** A text and what was changed in it beyond what was asked for. */
export interface Variant {
  source: string
  /** Sentences; empty where the reader's wish says it all. */
  remarks: readonly string[]
}

/** A program that seeds itself would overrule the seed of the run. */
export function withSeed(source: string, seed: number): Variant {
  const { seeds } = variableIn(source)
  const changed = replaceAll(source, seeds, String(seed))
  if (changed === source) return { source, remarks: [] }
  const lines = [...new Set(seeds.map(({ line }) => line))]
  return { source: changed, remarks: [`The program seeds itself: changed in ${linesText(lines)} too.`] }
}

/** `text`: a number as Python writes it. */
export function withNumber(source: string, literal: Literal, text: string): Variant {
  return { source: replaceAll(source, [literal], text.trim()), remarks: [] }
}

/** Another optimizer in the place of one; what it does not take is left out. */
export function withOptimizer(source: string, call: OptimizerCall, name: string): Variant {
  const takes = TAKES[name] ?? []
  const keeps = call.given.filter((one, i) =>
    one.spread ? true : one.name === null ? i < ALIKE_BY_PLACE : one.name === 'params' || takes.includes(one.name),
  )
  const dropped = call.given.filter((one) => !keeps.includes(one))
  const remarks = dropped.map((one) => `${name} knows no ${one.name ?? `“${one.text}” in that place`}: left out.`)
  if (keeps.some(({ spread }) => spread)) remarks.push('What is given with * stays: it may not fit.')
  if (!keeps.some((one, i) => one.name === 'lr' || (one.name === null && !one.spread && i === 1)))
    remarks.push(`No learning rate is given: ${name} takes its own.`)
  const [torch, insertion] = wayToTorch(source)
  const text = `${torch}.optim.${name}(${keeps.map((one) => one.text).join(', ')})`
  const changed = source.slice(0, call.from) + text + source.slice(call.to)
  return { source: insertion(changed), remarks }
}

/** Return the name by which the program calls torch, and an edit that imports torch where it does not. */
function wayToTorch(source: string): [string, (text: string) => string] {
  const named = /^\s*import\s+torch(?:\.[\w.]+)?(?:\s+as\s+(\w+))?\s*(?:#.*)?$/m
  const found = source
    .split('\n')
    .map((line) => named.exec(line))
    .find((one) => one !== null && !one[0].includes('.'))
  if (found) return [found[1] ?? 'torch', (text) => text]
  const first = source.split('\n').findIndex((line) => /^\s*(from\s+torch|import\s+torch\.)/.test(line))
  return ['torch', (text) => text.split('\n').toSpliced(Math.max(0, first), 0, 'import torch').join('\n')]
}

function replaceAll(source: string, places: readonly { from: number; to: number }[], text: string): string {
  const last = [...places].sort((a, b) => b.from - a.from)
  return last.reduce((result, { from, to }) => result.slice(0, from) + text + result.slice(to), source)
}

function linesText(lines: readonly number[]): string {
  if (lines.length === 1) return `line ${lines[0]}`
  return `lines ${lines.slice(0, -1).join(', ')} and ${lines.at(-1)}`
}
