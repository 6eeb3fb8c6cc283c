import { expect, test } from 'vitest'
import type { Element } from '../core/contract'
import { specialNumberOf } from './special-numbers'

test.each<[Element, string | null]>([
  [0, 'zero'],
  [-0, 'zero'],
  [0.5, null],
  ['NaN', 'nan'],
  ['Infinity', 'plus'],
  ['-Infinity', 'minus'],
  [false, null],
  [true, null],
])('%s is %s', (x, odd) => expect(specialNumberOf(x)).toBe(odd))
