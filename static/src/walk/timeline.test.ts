import { describe, expect, it } from 'vitest'
import type { Graph, Iteration, Tensor } from '../core/contract'
import { bandsOf, stepAt, tickAt, windowOf } from '../page/phase-bands'
import fan from './fixtures/fan-out.json'
import recorded from './fixtures/neuron.json'
import { buildTimeline, frameAt } from './timeline'

const neuron = buildTimeline(recorded.graph as unknown as Graph, recorded.iteration as unknown as Iteration)
const fanOut = buildTimeline(fan.graph as unknown as Graph, fan.iteration as unknown as Iteration)
const last = neuron.steps.length - 1
const one = (t: Tensor | undefined) => t?.data?.[0]

describe('a gradient that is clipped before the update', () => {
  const w = 'n2'
  const step = { index: last + 1, phase: 'update', kind: 'change', node: w, edges: [], line: 9, pass: null }
  const [before, after] = [-0.0898, -0.045].map((x) => ({ shape: [], dtype: 'float32', data: [x], stats: null }))
  const clipped = (settings: object) =>
    buildTimeline(neuron.graph, {
      ...neuron.iteration,
      steps: [...neuron.steps, step],
      changes: [{ node: w, function: 'clip_grad_norm_', before, after, settings, line: 9 }],
    } as unknown as Iteration)

  it('shows what it was and what it is, and with what it was multiplied', () => {
    const byNorm = clipped({ max_norm: 0.045, norm: 0.0898, factor: 0.5011 })
    expect(frameAt(byNorm, last + 1, 1).update).toEqual({ node: w, text: '−0.0898 · 0.5011 = −0.045' })
    expect(frameAt(clipped({ clip_value: 0.045 }), last + 1, 1).update?.text).toBe('−0.0898 → −0.045')
  })

  it('changes .grad when it has happened', () => {
    const timeline = clipped({})
    expect(one(frameAt(timeline, last + 1, 0).accumulated.get(w))).toBeCloseTo(-0.0898, 4)
    expect(one(frameAt(timeline, last + 1, 1).accumulated.get(w))).toBe(-0.045)
  })
})

describe('the neuron', () => {
  it('shows nothing that has not happened yet', () => {
    const start = frameAt(neuron, 0, 0)
    expect([...start.values.keys()]).toEqual(['n0'])
    expect(start.gradients.size).toBe(0)
    expect(frameAt(neuron, 4, 0).values.has('n4')).toBe(false)
    expect(frameAt(neuron, 4, 1).values.has('n4')).toBe(true)
  })

  it('shows every value and gradient at the end', () => {
    const end = frameAt(neuron, last, 1)
    expect(end.values.size).toBe(8)
    expect(one(end.gradients.get('n2'))).toBeCloseTo(-0.0898, 4)
    expect(one(end.accumulated.get('n3'))).toBeCloseTo(-0.0817, 4)
  })

  it('is the same from whichever side a step is reached', () => {
    const forth = frameAt(neuron, 6, 1)
    frameAt(neuron, last, 1)
    expect(frameAt(neuron, 6, 1)).toEqual(forth)
  })

  it('says upstream × local beside a scalar contribution', () => {
    const step = neuron.steps.findIndex((s) => s.kind === 'backward' && s.node === 'n6')
    expect(frameAt(neuron, step, 0.5).notes[0]?.text).toBe('−1.089 × 0.075')
  })
})

describe('the fan-out', () => {
  it('adds the contributions that meet', () => {
    const sums = fanOut.steps.map((_, i) => frameAt(fanOut, i, 1).sum?.text).filter(Boolean)
    expect(sums).toContain('1 + 6 + 6 = 13')
  })
})

describe('the bar', () => {
  it('cuts the steps into phases', () => {
    expect(bandsOf(neuron.phases).map((b) => [b.phase, b.from, b.to])).toEqual([
      ['initialise', 0, 3],
      ['forward', 4, 6],
      ['loss', 7, 7],
      ['backward', 8, 13],
    ])
  })

  it('finds the step under the pointer', () => {
    for (let step = 0; step < 14; step += 1) expect(stepAt(tickAt(step, 0, 13), 0, 13)).toBe(step)
  })

  it('shows a window of a long iteration that holds the current step', () => {
    for (const step of [0, 10, 29, 30, 31, 500, 999]) {
      const { from, to } = windowOf(1000, step)
      expect(step).toBeGreaterThanOrEqual(from)
      expect(step).toBeLessThanOrEqual(to)
    }
  })
})
