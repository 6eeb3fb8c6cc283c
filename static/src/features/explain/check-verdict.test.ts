import { expect, test } from 'vitest'
import type { Check } from '../../core/contract'
import { rowsOf, verdictOf } from './check-verdict'

const checked = (patch: Partial<Check>) =>
  ({
    dtype: 'float32',
    step: 0.01,
    plus: { value: 2.01, loss: 4.0401 },
    minus: { value: 1.99, loss: 3.9601 },
    estimate: 4,
    recorded: 4,
    difference: 1e-6,
    tolerance: 2e-4,
    agrees: true,
    note: null,
    ...patch,
  }) as Check

test('both numbers, the step and how far they lie apart', () => {
  expect(rowsOf(checked({}))).toEqual([
    ['step h', '0.01'],
    ['loss at 2.01', '4.0401'],
    ['loss at 1.99', '3.9601'],
    ['finite differences', '4'],
    ['PyTorch’s gradient', '4'],
    ['apart', '1e−6'],
  ])
  expect(rowsOf(checked({ plus: null, estimate: null }))).toEqual([])
})

test('a verdict is given only as far as the dtype can tell', () => {
  expect(verdictOf(checked({}))).toEqual({ kind: 'good', text: 'They agree within what float32 can tell (±0.0002).' })
  expect(verdictOf(checked({ agrees: false })).text).toMatch(/^They differ, by more than the rounding of float32/)
  expect(verdictOf(checked({ agrees: null, note: 'There is a kink.' }))).toEqual({
    kind: 'open',
    text: 'There is a kink.',
  })
  expect(verdictOf(checked({ note: 'It cannot tell much.' })).text).toMatch(/\. It cannot tell much\.$/)
})
