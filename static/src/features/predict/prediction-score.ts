/** The results of predictions, kept in this browser for each snapshot and seed. */

import { readStored, writeStored } from '../../core/storage'

export type Result = 'right' | 'wrong' | 'skipped'

/** By the id of the question, in the order in which they were settled. */
export type Results = ReadonlyMap<string, Result>

export interface Score {
  right: number
  /** The number of answered questions, without those that were skipped. */
  asked: number
  /** Right ones in a row, up to now. */
  streak: number
}

/** Questions whose results are kept: a training of 500 iterations has more than anybody answers. */
const MOST = 1000

export function scoreOf(results: Results): Score {
  const answered = [...results.values()].filter((result) => result !== 'skipped')
  return {
    right: answered.filter((result) => result === 'right').length,
    asked: answered.length,
    streak: answered.length - 1 - answered.lastIndexOf('wrong'),
  }
}

/** "3 of 4 right · 2 in a row". */
export function scoreText({ right, asked, streak }: Score): string {
  if (asked === 0) return 'no answer yet'
  return `${right} of ${asked} right${streak > 1 ? ` · ${streak} in a row` : ''}`
}

export function withResult(results: Results, question: string, result: Result): Results {
  const others = [...results].filter(([id]) => id !== question)
  return new Map([...others, [question, result] as const].slice(-MOST))
}

export function readResults(snapshot: string, seed: number): Results {
  try {
    const stored: unknown = JSON.parse(readStored(keyOf(snapshot, seed)) ?? '[]')
    return new Map(Array.isArray(stored) ? stored.filter(isResult) : [])
  } catch {
    return new Map()
  }
}

export function keepResults(snapshot: string, seed: number, results: Results): void {
  writeStored(keyOf(snapshot, seed), JSON.stringify([...results]))
}

function keyOf(snapshot: string, seed: number): string {
  return `predict:${snapshot}:${seed}`
}

function isResult(one: unknown): one is [string, Result] {
  return Array.isArray(one) && typeof one[0] === 'string' && ['right', 'wrong', 'skipped'].includes(one[1] as string)
}
