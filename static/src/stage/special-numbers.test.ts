import { expect, test } from 'vitest'
import type { Element } from '../core/contract'
import { oddOf } from './special-numbers'

test.each<[Element, string | null]>([
  [0, 'zero'],
  [-0, 'zero'],
  [0.5, null],
  ['NaN', 'nan'],
  ['Infinity', 'plus'],
  ['-Infinity', 'minus'],
  [false, null],
  [true, null],
])('%s is %s', (x, odd) => expect(oddOf(x)).toBe(odd))
