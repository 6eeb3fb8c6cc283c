import { describe, expect, test } from 'vitest'
import {
  lastNumber,
  partsOf,
  piecesOf,
  resultLine,
  texOf,
  withGradients,
  withNumbers,
  withProducts,
  withTexts,
} from './latex'

test.each([
  [0.9183397, '0.9183'],
  [-0.0898, '-0.0898'],
  [1.234e-9, '1.234 \\cdot 10^{-9}'],
  ['NaN', '\\mathrm{NaN}'],
  ['-Infinity', '-\\infty'],
] as const)('%s is written as the server writes it', (x, tex) => expect(texOf(x)).toBe(tex))

describe('where a line may break', () => {
  test.each([
    ['= 2.42 + 0', ['= 2.42', '+ 0']],
    ['a = \\sigma(z) = \\frac{1}{1 + e^{-z}}', ['a', '= \\sigma(z)', '= \\frac{1}{1 + e^{-z}}']],
    ['= -1.089 \\cdot \\left(0.9 - 1\\right)', ['= -1.089', '\\cdot \\left(0.9 - 1\\right)']],
    ['\\left. \\frac{a + b}{c} \\right|_{x} = 1', ['\\left. \\frac{a + b}{c} \\right|_{x}', '= 1']],
    ['\\text{a\\} = b} = 2', ['\\text{a\\} = b}', '= 2']],
    ['= 3 \\cdot 1 + 7 \\cdot 1', ['= 3 \\cdot 1', '+ 7 \\cdot 1']],
    ['a = 1, \\; b = 1, \\; \\dots', ['a = 1,', 'b = 1,', '\\dots']],
    [
      '= \\begin{cases} x & x \\gt 0 \\\\ 0.1 \\cdot x & x = 0 \\end{cases} + 1',
      ['= \\begin{cases} x & x \\gt 0 \\\\ 0.1 \\cdot x & x = 0 \\end{cases}', '+ 1'],
    ],
    ['', []],
  ])('%s', (latex, pieces) => expect(piecesOf(latex)).toEqual(pieces))
})

test('a piece that is too wide breaks between its factors and inside its round brackets', () => {
  expect(partsOf('= \\frac{1}{3} \\cdot (2 \\cdot 4 + \\frac{5 + 6}{7} - 8)')).toEqual([
    '= 1',
    '/ 3',
    '\\cdot (2',
    '\\cdot 4',
    '+ \\frac{5 + 6}{7}',
    '- 8)',
  ])
})

test.each([
  ['= -\\frac{a - b}{a \\cdot (1 - a)}', ['= -(a', '- b)', '/ (a', '\\cdot (1', '- a))']],
  ['= \\frac{1}{2} x', ['= \\frac{1}{2} x']],
  ['= \\sqrt{a^{2} + b^{2}}', ['= (a^{2}', '+ b^{2})^{1/2}']],
  ['= \\frac{a}{\\sqrt{a^{2} + b^{2}}}', ['= a', '/ (a^{2}', '+ b^{2})^{1/2}']],
  ['= \\sqrt{a}', ['= \\sqrt{a}']],
  ['= \\begin{cases} x & x \\gt 0 \\\\ 0 & x = 0 \\end{cases}', ['=', 'x \\quad x \\gt 0', '0 \\quad x', '= 0']],
])('%s is written on one line where it is too wide', (piece, parts) => expect(partsOf(piece)).toEqual(parts))

test('gradients are those of the loss, and nothing else', () => {
  const rule =
    '\\frac{\\partial L}{\\partial \\text{fc1.weight}_{0,1}} = \\frac{\\partial L}{\\partial z} \\cdot \\frac{\\partial z}{\\partial w}'
  expect(withGradients(rule)).toBe(
    '\\class{grad}{\\frac{\\partial L}{\\partial \\text{fc1.weight}_{0,1}}} = \\class{grad}{\\frac{\\partial L}{\\partial z}} \\cdot \\frac{\\partial z}{\\partial w}',
  )
})

test('only recorded numbers are values, also where the formula turns their sign', () => {
  expect(withNumbers('= \\frac{1}{1 + e^{-2.42}}', 'value', [2.42])).toBe('= \\frac{1}{1 + e^{-\\class{value}{2.42}}}')
  expect(withNumbers('x_{0,1} = \\text{in 1} \\cdot 1', 'value', null)).toBe(
    'x_{0,1} = \\text{in 1} \\cdot \\class{value}{1}',
  )
  expect(withTexts('= 0.2 - 0.01 \\cdot 0.1', 'grad', ['0.1'])).toBe('= 0.2 - 0.01 \\cdot \\class{grad}{0.1}')
})

test('in a line of products the first factor is the gradient, also where both are the same number', () => {
  const line = '= 1 \\cdot 1 + \\left(-0.5\\right) \\cdot 3 + \\dots'
  const products = [
    { upstream: 1, local: '1', values: [1] },
    { upstream: -0.5, local: '3', values: [] },
    { upstream: 7, local: '7', values: [] },
  ]
  expect(withProducts(line, products)).toBe(
    '= \\class{grad}{1} \\cdot \\class{value}{1} + \\left(\\class{grad}{-0.5}\\right) \\cdot 3 + \\dots',
  )
})

test('the result names what it is', () => {
  expect(resultLine('z_{0} = a + b', '= -0.0817')).toBe('z_{0} = \\class{grad}{-0.0817}')
})

test('the last number of a line', () => {
  expect(lastNumber('g = \\frac{\\partial L}{\\partial w_{1}} = -0.0898')).toBe('-0.0898')
  expect(lastNumber('g = x_{1}')).toBeNull()
})
