/** The names of iterations for a reader: the running number, counted from 1, and the turns of the program's loops. Pure. */

import type { IterationSummary, LoopTurn } from './contract'
import { formatNumber } from './numbers'

/** What names an iteration; a file of an older version tells neither. */
export type NamedIteration = Partial<Pick<IterationSummary, 'kind' | 'turns'>>
export type NamedIterations = readonly NamedIteration[]

/** Letters of a text that a loop runs over; more would hide the other turns. */
const LETTERS = 24

/** Return whether an iteration is a validation, which trains nothing. */
export function isEvaluation(iteration: NamedIteration | undefined): boolean {
  return iteration?.kind === 'evaluation'
}

/** "epoch 2, batch 5", "turn 5 of the loop in line 12", "evaluation, epoch 2"; empty outside of all loops. */
export function turnText(iteration: NamedIteration | undefined): string {
  const turns = (iteration?.turns ?? []).map(oneTurn)
  return [...(isEvaluation(iteration) ? ['evaluation'] : []), ...turns].join(', ')
}

/** "iteration 7": all that is known of one that is not at hand. `index`: from 0. */
export function iterationNumber(index: number): string {
  return `iteration ${index + 1}`
}

/** "iteration 7 (epoch 2, batch 5)", for a sentence. */
export function iterationName(all: NamedIterations, index: number): string {
  return named(iterationNumber(index), all[index])
}

/** "iteration 7 of 20". */
export function iterationCount(all: NamedIterations, index: number): string {
  return `${iterationNumber(index)} of ${all.length}`
}

/** "iteration 7 of 20 (epoch 2, batch 5)", for a sentence. */
export function iterationPlace(all: NamedIterations, index: number): string {
  return named(iterationCount(all, index), all[index])
}

/** "iteration 7 of 20 · epoch 2, batch 5", for a label that stands alone. */
export function iterationLabel(all: NamedIterations, index: number): string {
  const turn = turnText(all[index])
  return iterationCount(all, index) + (turn && ` · ${turn}`)
}

/** "iteration 7 (epoch 2, batch 5)", "iterations 7 (epoch 2, batch 5) to 9 (epoch 2, batch 7)". */
export function iterationRange(all: NamedIterations, from: number, to: number): string {
  if (from === to) return iterationName(all, from)
  return `iterations ${named(`${from + 1}`, all[from])} to ${named(`${to + 1}`, all[to])}`
}

/** Return a text that begins a sentence or stands alone: with a capital letter. */
export function atStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function named(number: string, iteration: NamedIteration | undefined): string {
  const turn = turnText(iteration)
  return number + (turn && ` (${turn})`)
}

/** A variable that is there for no one to read, as `_`, or that holds what is too long to be told, is no name. */
function oneTurn({ line, number, variable, value }: LoopTurn): string {
  if (variable !== null && value !== null && !/^_+$/.test(variable))
    // “iteration 6 · iteration 5” would contradict itself
    return `${cut(variable)}${variable === 'iteration' ? ' = ' : ' '}${valueText(value)}`
  return `turn ${number + 1} of ${line === null ? 'a loop' : `the loop in line ${line}`}`
}

function valueText(value: NonNullable<LoopTurn['value']>): string {
  return typeof value === 'string' ? `“${cut(value.replace(/\s+/g, ' '))}”` : formatNumber(value)
}

function cut(text: string): string {
  const letters = Array.from(text)
  return letters.length > LETTERS ? `${letters.slice(0, LETTERS - 1).join('')}…` : text
}
