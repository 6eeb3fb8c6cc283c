import { expect, test } from 'vitest'
import { labelFor, namesFor } from './tokens'

test.each<[string, number, string[] | null]>([
  ["tokens = ['to', 'be', \"or\"]", 3, ['to', 'be', 'or']],
  ["text = 'the cat sat'\ntokens = text.split()", 3, ['the', 'cat', 'sat']],
  ["tokens = 'the cat sat'.split()  # words", 2, ['the', 'cat']],
  ['sentence = "ab c"\nletters = list(sentence)', 4, ['a', 'b', ' ', 'c']],
  ['tokens = list(sentence)', 4, null],
  ["tokens = ['a', 'b']", 4, null],
  ["tokens = open('x').read()", 4, null],
  ["letters = sorted(set('abc'))\ntokens = list('abc')", 3, ['a', 'b', 'c']],
  ['', 1, null],
])('%s', (source, count, names) => expect(namesFor(source, count)).toEqual(names))

test('a space is seen', () => expect([' ', 'a'].map(labelFor)).toEqual(['␣', 'a']))
