/** Iterations for the tests, written short. */

import type { BackwardPass, Element, Graph, Iteration, Observations, Step, Tensor } from '../core/contract'
import { graphOf } from '../core/testing'
import type { Timeline } from './model'
import { NOTHING_OBSERVED } from './observations'
import { buildTimeline } from './timeline'

let count = 0

export function tensor(data: readonly Element[], shape: readonly number[] = [data.length], dtype = 'float32'): Tensor {
  count += 1
  return { id: `t${count}`, shape: [...shape], dtype, device: 'cpu', data: [...data], stats: null } as Tensor
}

/** A single number. */
export function single(x: Element, dtype = 'float32'): Tensor {
  return tensor([x], [], dtype)
}

/** `kind node edges`, as "operation y e0 e1"; a backward step belongs to pass 0 unless it ends in "@1". */
export function stepsOf(lines: readonly string[]): Step[] {
  return lines.map((text, index) => {
    const [plain = '', pass = '0'] = text.split('@')
    const [kind, node = '', ...edges] = plain.trim().split(' ')
    const back = kind === 'backward' || kind === 'accumulate'
    const phase = back ? 'backward' : kind === 'update' ? 'update' : 'forward'
    return { index, phase, kind, node, edges, line: index + 1, pass: back ? Number(pass) : null } as Step
  })
}

/** A pass from `root`, which starts with 1. */
export function passFrom(
  root: string,
  gradients: Record<string, Tensor>,
  contributions: Record<string, Tensor>,
  accumulated: Record<string, Tensor> = {},
): BackwardPass {
  const start = { node: root, output: 0 }
  return {
    root: start,
    roots: [start],
    seeds: { [root]: [single(1)] },
    gradients: Object.fromEntries(Object.entries(gradients).map(([node, one]) => [node, [one]])),
    contributions,
    accumulated,
    line: null,
  } as BackwardPass
}

export function timelineOf(
  graph: Graph,
  values: Record<string, Tensor>,
  steps: readonly string[],
  backward: BackwardPass[] = [],
): Timeline {
  const iteration = {
    index: 0,
    graph: 0,
    loss: null,
    values: Object.fromEntries(Object.entries(values).map(([node, one]) => [node, [one]])),
    backward,
    updates: [],
    steps: stepsOf(steps),
  } as unknown as Iteration
  return buildTimeline(graph, iteration)
}

/** The same timeline with what a server would say is remarkable in it. */
export function withObservations(timeline: Timeline, observations: Partial<Observations>): Timeline {
  return { ...timeline, observations: { ...NOTHING_OBSERVED, ...observations } }
}

/** loss = op(w): one leaf, one operation. */
export function oneStep(op: string, value: Tensor, result: Tensor, pass: BackwardPass): Timeline {
  const graph = graphOf(
    [
      ['w', null],
      [`y:${op}`, null],
    ],
    [['w', 'y']],
  )
  return timelineOf(graph, { w: value, y: result }, ['operation y e0', 'backward y e0', 'accumulate w'], [pass])
}
