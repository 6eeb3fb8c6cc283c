import { expect, test } from 'vitest'
import type { NodeExplanation } from '../api/types'
import { agreement, kindSentence, kindWord } from './words'

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
  expect(kindSentence(told({ kind: 'unknown', source: '' }))).toBe('No formula is known.')
})

test('whether the formula gives PyTorch’s number is said plainly', () => {
  expect(agreement(told({}))).toEqual({ good: true, text: 'PyTorch has the same: 0.25' })
  expect(agreement(told({ agrees: false, recorded: 0.5 }))).toEqual({
    good: false,
    text: 'Not the same: PyTorch has 0.5, the formula gives 0.25.',
  })
  expect(agreement(told({ agrees: null }))).toBeNull()
})
