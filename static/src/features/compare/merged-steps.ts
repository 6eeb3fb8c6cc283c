/**
 * The steps of two iterations in one row: one timeline drives both. A step that only one of them has is there for the other as a step
 * in which nothing happens. Pure.
 */

import type { Iteration, Phase, Step } from '../../core/contract'
import type { LoneStep } from '../../walk/model'
import { equalPairs, inOrder } from './align'

export interface Merged {
  a: Iteration
  b: Iteration
  /** By number of the step. */
  lone: ReadonlyMap<number, LoneStep>
}

const RANK: Record<Phase, number> = { forward: 0, loss: 1, backward: 2, update: 3 }

/** Both iterations with as many steps: those of A and those that only B has. Ids are those of the common graph. */
export function mergeSteps(a: Iteration, b: Iteration): Merged {
  const [mine, others] = [a.steps.map(textOf), b.steps.map(textOf)]
  const pairs = inOrder(equalPairs(mine, others))
  const known = { A: new Set(others), B: new Set(mine) }
  const row: { a: Step | null; b: Step | null }[] = []
  let [i, j] = [0, 0]
  for (const [x, y] of [...pairs, [a.steps.length, b.steps.length] as const]) {
    // of what stands between two common steps, phase by phase, A first
    while (i < x || j < y) {
      const [one, other] = [i < x ? a.steps[i] : undefined, j < y ? b.steps[j] : undefined]
      if (one && (!other || RANK[one.phase] <= RANK[other.phase])) {
        row.push({ a: one, b: null })
        i += 1
      } else {
        row.push({ a: null, b: other as Step })
        j += 1
      }
    }
    if (i < a.steps.length && j < b.steps.length) row.push({ a: a.steps[i++]!, b: b.steps[j++]! })
  }
  const lone = new Map<number, LoneStep>()
  row.forEach((one, index) => {
    if (one.b === null && one.a) lone.set(index, { run: 'A', step: one.a, elsewhere: known.A.has(textOf(one.a)) })
    if (one.a === null && one.b) lone.set(index, { run: 'B', step: one.b, elsewhere: known.B.has(textOf(one.b)) })
  })
  const steps = (own: 'a' | 'b', other: 'a' | 'b') =>
    row.map((one, index) => ({ ...(one[own] ?? still(one[other] as Step)), index }))
  return { a: { ...a, steps: steps('a', 'b') }, b: { ...b, steps: steps('b', 'a') }, lone }
}

function textOf({ kind, pass, node }: Step): string {
  return `${kind} ${pass} ${node}`
}

/** A step of the other run: an arrival of no gradient, which changes nothing on the stage. */
function still(step: Step): Step {
  return { ...step, kind: 'accumulate', edges: [], pass: null, line: null }
}
