import { expect, test } from 'vitest'
import { referenceOf } from './run-reference'

test.each([
  ['http://127.0.0.1:8000/s/abcDEF_-12345?step=3', { show: 'abcDEF_-12345' }],
  ['  abcDEF_-1234567890abcdef ', { show: 'abcDEF_-1234567890abcdef' }],
  ['https://x.example/lessons/neuron?step=3', { lesson: 'neuron' }],
  ['https://x.example/', null],
  ['neuron', null],
  ['somewhere', null],
  ['', null],
  ['<script>', null],
])('%j', (text, found) => expect(referenceOf(text)).toEqual(found))
