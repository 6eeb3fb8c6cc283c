import { expect, test } from 'vitest'
import type { GlossaryWord } from './contract'
import { WordFinder } from './word-finder'

const word = (name: string, ...forms: string[]): GlossaryWord => ({
  id: name,
  name,
  forms,
  definition: 'So.',
  lesson: 'neuron',
  lesson_title: 'One neuron',
  stop: 1,
  stop_title: 'Forwards',
  related: [],
})
const FINDER = new WordFinder([
  word('gradient', 'gradients'),
  word('chain rule'),
  word('ReLU'),
  word('dead ReLU'),
  word('zero_grad', 'zero_grad()'),
])

const marked = (text: string) =>
  FINDER.split(text, () => true).flatMap(({ text, word }) => (word ? [`${text}=${word.name}`] : []))

test.each([
  ['The gradient of w.', ['gradient=gradient']],
  ['Gradients add up.', ['Gradients=gradient']],
  ['By the chain rule: a relu passes the gradient on.', ['chain rule=chain rule', 'relu=ReLU', 'gradient=gradient']],
  ['A dead ReLU is a ReLU that is dead.', ['dead ReLU=dead ReLU', 'ReLU=ReLU']],
  ['one gradient, two gradients', ['gradient=gradient']],
  ['Call zero_grad() first.', ['zero_grad()=zero_grad']],
  ['w.gradient, my_gradient, gradient-free and regradient', []],
  ['', []],
])('%s', (text, found) => expect(marked(text)).toEqual(found))

test('the text stays what it is', () => {
  const text = 'The gradient, by the chain rule, of a ReLU.'
  const pieces = FINDER.split(text, () => true)
  expect(pieces.map((piece) => piece.text).join('')).toBe(text)
})

test('a word that is not wanted is not marked, at none of its uses', () => {
  const pieces = FINDER.split('gradient, gradients, ReLU', ({ name }) => name !== 'gradient')
  expect(pieces.flatMap(({ word }) => word?.name ?? [])).toEqual(['ReLU'])
})
