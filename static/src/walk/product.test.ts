import { describe, expect, it, test } from 'vitest'
import { graphOf } from '../core/testing'
import { oneStep, passFrom, single, tensor, timelineOf } from './testing'
import { frameAt } from './timeline'

const BACK = 1

describe('beside a contribution', () => {
  it('stands upstream × local of a single number', () => {
    const timeline = oneStep('square', single(3), single(9), passFrom('y', { y: single(1) }, { e0: single(6) }))
    expect(frameAt(timeline, BACK, 0.5).notes).toEqual([{ edge: 'e0', text: '1 × 6' }])
  })

  it('stands the element that counts most, where each has a local derivative of its own', () => {
    const [upstream, back] = [tensor([1, -2, 0], [3]), tensor([0, -4, 0], [3])]
    const timeline = oneStep('relu', upstream, upstream, passFrom('y', { y: upstream }, { e0: back }))
    expect(frameAt(timeline, BACK, 0.5).notes).toEqual([{ edge: 'e0', text: '[1]: −2 × 2' }])
  })

  it('says no number where the local derivative is a matrix', () => {
    const [upstream, back] = [tensor([1, 2], [2]), tensor([3, 4], [2])]
    const timeline = oneStep('softmax', upstream, upstream, passFrom('y', { y: upstream }, { e0: back }))
    expect(frameAt(timeline, BACK, 0.5).notes).toEqual([{ edge: 'e0', text: 'upstream × local' }])
  })

  it.each(['maximum', 'mish', 'log_sigmoid', 'round', 'relu_'])(
    'stands one for every elementwise operation, as %s',
    (op) => {
      const [upstream, back] = [tensor([1, -2], [2]), tensor([3, -4], [2])]
      const timeline = oneStep(op, upstream, upstream, passFrom('y', { y: upstream }, { e0: back }))
      expect(frameAt(timeline, BACK, 0.5).notes).toEqual([{ edge: 'e0', text: '[1]: −2 × 2' }])
    },
  )

  it('says what a mean hands to each of its numbers', () => {
    const timeline = oneStep(
      'mean',
      tensor([1, 3]),
      single(2),
      passFrom('y', { y: single(1) }, { e0: tensor([0.5, 0.5]) }),
    )
    expect(frameAt(timeline, BACK, 0.5).notes).toEqual([{ edge: 'e0', text: '[0]: 1 × 0.5' }])
  })
})

test('a product of matrices passes products of matrices on', () => {
  const plain = graphOf(
    [
      ['x', null],
      ['w', null],
      ['y:matmul', null],
    ],
    [
      ['x', 'y'],
      ['w', 'y'],
    ],
  )
  const [first, second] = plain.edges
  const graph = { ...plain, edges: [first!, { ...second!, argument: 'other' }] }
  const m = tensor([1, 2, 3, 4], [2, 2])
  const pass = passFrom('y', { y: m }, { e0: m, e1: m })
  const timeline = timelineOf(graph, { x: m, w: m, y: m }, ['operation y e0 e1', 'backward y e0 e1'], [pass])
  expect(frameAt(timeline, 1, 0.5).notes.map(({ text }) => text)).toEqual(['upstream @ w.T', 'x.T @ upstream'])
})

test('the root says that it starts with 1', () => {
  const timeline = oneStep('square', single(3), single(9), passFrom('y', { y: single(1) }, { e0: single(6) }))
  expect(frameAt(timeline, BACK, 0).sum).toEqual({ node: 'y', text: '∂y/∂y = 1' })
})
