import { expect, test } from 'vitest'
import type { Phase, Step, StepKind } from '../core/contract'
import { nextPhase, previousPhase, stepOfGradient, stepOfLine, stepOfValue } from './steps'

const step = (index: number, phase: Phase, kind: StepKind, node: string, line: number): Step => ({
  index,
  phase,
  kind,
  node,
  edges: [],
  line,
  pass: null,
})

const STEPS = [
  step(0, 'forward', 'leaf', 'n0', 4),
  step(1, 'forward', 'operation', 'n1', 7),
  step(2, 'loss', 'operation', 'n2', 8),
  step(3, 'backward', 'backward', 'n2', 8),
  step(4, 'backward', 'backward', 'n1', 7),
  step(5, 'backward', 'accumulate', 'n0', 4),
  step(6, 'update', 'update', 'n0', 12),
]
const PHASES = STEPS.map(({ phase }) => phase)

test('the next phase begins at its first step; after the last phase comes the end', () => {
  expect([0, 1, 2, 3, 5, 6].map((at) => nextPhase(PHASES, at))).toEqual([2, 2, 3, 6, 6, 6])
})

test('back goes to the start of this phase, then to the start of the one before', () => {
  expect([6, 5, 4, 3, 2, 1, 0].map((at) => previousPhase(PHASES, at))).toEqual([3, 3, 3, 2, 0, 0, 0])
})

test('a line is found from here on, then from the start', () => {
  expect(stepOfLine(STEPS, 7, 0)).toBe(1)
  expect(stepOfLine(STEPS, 7, 1)).toBe(4)
  expect(stepOfLine(STEPS, 7, 4)).toBe(1)
  expect(stepOfLine(STEPS, 12, 6)).toBe(6)
  expect(stepOfLine(STEPS, 99, 0)).toBeNull()
  expect(stepOfLine([], 1, 0)).toBeNull()
})

test('a value appears where its leaf or operation stands, not where its gradient does', () => {
  expect(stepOfValue(STEPS, 'n2')).toBe(2)
  expect(stepOfValue(STEPS, 'n9')).toBeNull()
})

test('an empty iteration has only its beginning', () => {
  expect(nextPhase([], 0)).toBe(0)
  expect(previousPhase([], 0)).toBe(0)
})

test('the gradient of an operation is there when it goes backward, that of a leaf when it is added to its .grad', () => {
  expect(stepOfGradient(STEPS, 'n1')).toBe(4)
  expect(stepOfGradient(STEPS, 'n0')).toBe(5)
  expect(stepOfGradient(STEPS, 'n9')).toBeNull()
})
