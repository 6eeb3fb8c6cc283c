/** One sentence for each run at a step, and the text of both for a screen reader. Pure. */

import type { Tensor } from '../../core/contract'
import { changeAt, gradientIn, passOf, updateAt } from '../../walk/lookup'
import type { LoneStep, Run, Timeline } from '../../walk/model'
import { type Narration, narrate, type Part } from '../../walk/sentences'
import { differenceOf, sizeOf, tellDifference } from './difference'
import { stillText } from './run-remarks'

export interface Sentences {
  first: readonly Part[]
  second: readonly Part[]
  text: string
}

const plain = (text: string): Part => ({ text, kind: 'plain' })

/** Return the sentences of step `index`, from 0, of both timelines. `over`: the second run has no such iteration. */
export function sentencesOf(a: Timeline, b: Timeline, index: number, lone: LoneStep | null, over: boolean): Sentences {
  const [place, ...told] = narrate(a, index).parts
  const mine = lone?.run === 'B' ? [plain(stillText(lone))] : told
  const theirs = over
    ? [plain('has no such iteration and stands at the end of its last one.')]
    : lone?.run === 'A'
      ? [plain(stillText(lone))]
      : beside(narrate(b, index), mine, lone === null ? apart(a, b, index) : null)
  const name = (run: Run, still: boolean): Part => ({ text: still ? `${run} ` : `${run}: `, kind: 'strong' })
  const first = [place ?? plain(''), name('A', lone?.run === 'B'), ...mine]
  const second = [name('B', over || lone?.run === 'A'), ...theirs]
  return { first, second, text: `${textOf(first)} ${textOf(second)}` }
}

/** Add the numbers of the step where the words are the same. */
function beside({ parts }: Narration, mine: readonly Part[], difference: string | null): readonly Part[] {
  const [, ...own] = parts
  if (difference === null || textOf(own) !== textOf(mine)) return own
  return [plain('the same, with numbers that are '), { text: difference, kind: 'strong' }, plain('.')]
}

/** Return the difference of the step's tensors, the largest of several. Null when the step brings none. */
function apart(a: Timeline, b: Timeline, index: number): string | null {
  const [mine, others] = [broughtBy(a, index), broughtBy(b, index)]
  const differences = mine.flatMap((tensor, i) => {
    const other = others[i]
    return other ? [differenceOf(tensor, other)] : []
  })
  const [farthest] = differences.sort((x, y) => sizeOf(y) - sizeOf(x))
  return farthest ? tellDifference(farthest) : null
}

function broughtBy(timeline: Timeline, index: number): readonly Tensor[] {
  const step = timeline.steps[index]
  if (step === undefined) return []
  const pass = passOf(timeline, step)
  if (step.kind === 'update') return [updateAt(timeline, step)?.after].filter((tensor) => tensor !== undefined)
  if (step.kind === 'change') return [changeAt(timeline, step)?.after].filter((tensor) => tensor !== undefined)
  if (pass === undefined) return timeline.iteration.values[step.node] ?? []
  const passed = step.edges.map((edge) => pass.contributions[edge])
  const all = [gradientIn(pass, step.node), ...passed, pass.accumulated[step.node]]
  return all.filter((tensor) => tensor !== null && tensor !== undefined)
}

function textOf(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join('')
}
