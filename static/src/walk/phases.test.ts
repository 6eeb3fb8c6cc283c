import { expect, test } from 'vitest'
import type { BackwardPass, Phase, Step, StepKind } from '../core/contract'
import { phasesOf } from './phases'

const step = (phase: Phase, kind: StepKind) => ({ phase, kind }) as Step
const PASS = {} as BackwardPass
const STEPS = [
  step('forward', 'leaf'),
  step('forward', 'leaf'),
  step('forward', 'operation'),
  step('forward', 'leaf'),
  step('loss', 'operation'),
  step('backward', 'backward'),
  step('update', 'update'),
]

test('what is created before anything is computed is the initialisation', () => {
  expect(phasesOf({ index: 0, steps: STEPS, backward: [PASS] })).toEqual([
    'initialise',
    'initialise',
    'forward',
    'forward',
    'loss',
    'backward',
    'update',
  ])
})

test('what a later iteration creates is its data', () => {
  expect(phasesOf({ index: 1, steps: STEPS, backward: [PASS] })[0]).toBe('forward')
})

test('a program that does not learn initialises nothing', () => {
  expect(phasesOf({ index: 0, steps: STEPS, backward: [] })[0]).toBe('forward')
})

test('of nothing there are no phases', () => {
  expect(phasesOf({ index: 0, steps: [], backward: [] })).toEqual([])
})
