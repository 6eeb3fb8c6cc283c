import { expect, test } from 'vitest'
import type { SnapshotHead } from '../../core/contract'
import { headOf, inEpochs } from './testing'
import { groupsOf, trainingOf } from './training-history'

const numbers = { value: [1, 2], gradient: [1, null] }
const head = headOf([3, 'NaN'], {
  scale: numbers,
  'net.0.weight': { value: [[-1, 1], null], gradient: [0.5] },
  'net.0.bias': numbers,
  'net.2.weight': numbers,
})

test('one series per number, as long as the training', () => {
  const { count, losses, multiples } = trainingOf(head)
  expect(count).toBe(2)
  expect(losses).toEqual([3, Number.NaN])
  expect(multiples[1]).toMatchObject({ name: 'net.0.weight', label: 'weight', group: 'net.0' })
  expect(multiples[1]).toMatchObject({ low: [-1, null], high: [1, null], gradient: [0.5, null] })
})

test('parameters stand by module, in the order of the program', () => {
  const { multiples } = trainingOf(head)
  const names = (filter?: string) =>
    groupsOf(multiples, filter).map(({ name, multiples: some }) => [name, ...some.map(({ label }) => label)])
  expect(names()).toEqual([
    ['', 'scale'],
    ['net.0', 'weight', 'bias'],
    ['net.2', 'weight'],
  ])
  expect(names(' WEIGHT')).toEqual([
    ['net.0', 'weight'],
    ['net.2', 'weight'],
  ])
  expect(names('nothing')).toEqual([])
})

test('a parameter that the program gives no name has a number', () => {
  const unnamed = headOf([1, 2], { w: numbers })
  for (const leaf of unnamed.course?.leaves ?? []) leaf.name = null
  expect(trainingOf(unnamed).multiples[0]?.name).toBe('parameter 1')
})

test('a snapshot from before courses were recorded has its losses', () => {
  const { course: _, ...old } = headOf([1, 2])
  expect(trainingOf(old as SnapshotHead)).toMatchObject({ count: 2, losses: [1, 2], beyond: [], multiples: [] })
})

test('a validation is no part of the loss of the training', () => {
  const { evaluations, losses } = trainingOf(inEpochs(headOf([3, 2, 9, 1, 0.5, 8])))
  expect(losses).toEqual([3, 2, null, 1, 0.5, null])
  expect(evaluations).toEqual([false, false, true, false, false, true])
})

test('what ran after the recording was full has losses and nothing else', () => {
  const cut = {
    ...headOf([1, 2]),
    truncated: { reason: 'full', recorded_steps: 6, losses: [3, 'NaN'] },
  } as SnapshotHead
  expect(trainingOf(cut)).toMatchObject({ count: 2, losses: [1, 2], beyond: [3, Number.NaN] })
})

test('turns that are missing between two iterations have a place, and only what is behind the last one goes on', () => {
  const gaps = [
    { before: 1, losses: [4, 3] },
    { before: 2, losses: [2] },
  ]
  const cut = { ...headOf([5, 1]), truncated: { reason: 'full', recorded_steps: 6, losses: [4, 3, 2], gaps } }
  expect(trainingOf(cut as SnapshotHead)).toMatchObject({
    losses: [5, 1],
    beyond: [2],
    gaps: [{ before: 1, passes: 2 }],
  })
})
