import { expect, test } from 'vitest'
import type { Element, Tensor } from '../../core/contract'
import { single, tensor } from '../../walk/testing'
import { tensorInWords } from './reading-words'

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i - 1)

test.each<[string, Tensor, string]>([
  ['a single number', single(2.42), '2.42'],
  ['one number in a vector', tensor([-0.0817]), '−0.0817'],
  ['a boolean', single(true, 'bool'), 'True'],
  ['a number that is none', single('NaN'), 'NaN'],
  ['a vector', tensor([1, -2, 0.5]), 'a vector of 3: 1, −2, 0.5'],
  ['a matrix', tensor([1, 2, 3, 4, 5, 6], [2, 3]), 'a 2×3 matrix: row 1: 1, 2, 3; row 2: 4, 5, 6'],
  ['more dimensions', tensor(numbers(8), [2, 2, 2]), 'a 2×2×2 tensor: [[[−1, 0], [1, 2]], [[3, 4], [5, 6]]]'],
  ['sixteen numbers', tensor(numbers(16)), `a vector of 16: ${['−1', ...numbers(16).slice(1)].join(', ')}`],
  ['seventeen numbers', tensor(numbers(17)), 'a vector of 17, from −1 to 15, mean 7'],
  ['all the same', tensor(Array(20).fill(0), [4, 5]), 'a 4×5 matrix, all 0'],
  ['nothing at all', tensor([], [0, 3]), 'a 0×3 matrix, without any number'],
])('%s', (_, given, words) => expect(tensorInWords(given)).toBe(words))

test('what is not finite is counted', () => {
  const data: Element[] = [...numbers(17), 'NaN', 'Infinity']
  expect(tensorInWords(tensor(data))).toBe('a vector of 19, from −1 to 15, mean 7, 1 NaN, 1 infinite')
  expect(tensorInWords(tensor(Array(20).fill('NaN')))).toBe('a vector of 20, no finite number, 20 NaN')
})

test('numbers that were not recorded are told by what is known of them', () => {
  const large = { ...tensor([], [100, 100]), data: null }
  expect(tensorInWords(large)).toBe('a 100×100 matrix, whose numbers were not recorded')
})
