import { expect, test } from 'vitest'
import type { NodeExplanation } from '../../core/contract'
import { agreement, kindSentence, kindWord, troubleOf, warningOf } from './explain-words'

const told = (patch: Partial<NodeExplanation>) =>
  ({
    kind: 'hand-written',
    source: 'a book',
    computed: 0.25,
    recorded: 0.25,
    agrees: true,
    ...patch,
  }) as NodeExplanation

test('how a formula is known, in a word and in a sentence', () => {
  expect(kindWord(told({}))).toBe('by hand')
  expect(kindSentence(told({ kind: 'declared' }))).toBe('As PyTorch declares it: a book.')
  expect(kindSentence(told({ kind: 'unknown', source: 'the backward of Wrong' }))).toBe(
    'No formula is known. The number comes from the backward of Wrong.',
  )
  expect(kindSentence(told({ kind: 'measured', source: 'Measured: it ran again' }))).toBe('Measured: it ran again.')
})

test('whether the formula gives PyTorch’s number is said plainly', () => {
  expect(agreement(told({}))).toEqual({ good: true, text: 'PyTorch has the same: 0.25' })
  expect(agreement(told({ agrees: false, recorded: 0.5 }))).toEqual({
    good: false,
    text: 'Not the same: PyTorch has 0.5, the formula gives 0.25.',
  })
  expect(agreement(told({ agrees: null }))).toBeNull()
})

test('what was measured stands beside what was recorded', () => {
  const measured = told({ kind: 'measured', computed: 3, recorded: 3 })
  expect(agreement(measured)).toEqual({ good: true, text: 'Measured 3, and PyTorch recorded the same.' })
  expect(agreement({ ...measured, agrees: false, recorded: 1 })).toEqual({
    good: false,
    text: 'Not the same: measured 3, but PyTorch recorded 1.',
  })
})

test('a note at what was measured is a warning, and where nothing was measured the trouble', () => {
  const measured = { kind: 'measured' as const, note: 'Backward is not the slope of forward.' }
  expect(warningOf(measured)).toBe('Backward is not the slope of forward.')
  expect(troubleOf(measured)).toBe('')
  expect(warningOf({ ...measured, note: null })).toBe('')
  const none = { kind: 'unknown' as const, note: 'Not measured: backward raised an error.' }
  expect(warningOf(none)).toBe('')
  expect(troubleOf(none)).toBe('Not measured: backward raised an error.')
  expect(troubleOf({ ...none, note: null })).toBe('Nothing could be measured here.')
})
