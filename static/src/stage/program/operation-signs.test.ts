import { expect, test } from 'vitest'
import { signOf } from './operation-signs'

test.each([
  ['mul', '×'],
  ['add_', '+_'],
  ['gt', '>'],
  ['__setitem__', '[ ]='],
  ['cosine_similarity', 'cosine_similarity'],
  ['PowBackward0', '∂xⁿ'],
  ['AddcmulBackward0', '∂addcmul'],
])('the sign of %s is %s', (op, sign) => {
  expect(signOf({ op, name: 'y' })).toBe(sign)
})

test('a leaf carries the last part of its name', () => {
  expect(signOf({ op: null, name: 'net.fc1.weight' })).toBe('weight')
  expect(signOf({ op: null, name: null })).toBe('·')
})
