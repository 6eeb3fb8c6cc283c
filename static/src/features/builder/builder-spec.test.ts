import { beforeEach, expect, test } from 'vitest'
import { writeStored } from '../../core/storage'
import { stubStorage } from '../../page/testing'
import {
  DATA,
  FIRST,
  faultsOf,
  keepSpec,
  LAYERS,
  type Layer,
  newLayer,
  placeInWords,
  readSpec,
  type Spec,
  withData,
} from './builder-spec'

beforeEach(stubStorage)

test('an untouched network goes with the data; one that was touched stays', () => {
  const line = withData(FIRST, 'line')
  expect(line.loss).toBe('mse')
  expect(line.layers).toHaveLength(1)
  expect(withData(line, 'xor')).toEqual(FIRST)
  const touched: Spec = { ...FIRST, layers: [...FIRST.layers, newLayer('relu')] }
  expect(withData(touched, 'pictures').layers).toBe(touched.layers)
  expect(withData(touched, 'pictures').loss).toBe(FIRST.loss)
})

test('each data set has a network to begin with', () => {
  for (const [data] of DATA) expect(withData(FIRST, data).layers.length).toBeGreaterThan(0)
})

test('faults stand at their fields, whatever the server puts between', () => {
  const faults = faultsOf([
    { field: 'body.layers.2.linear.width', message: 'Input should be less than or equal to 64' },
    { field: 'body.layers.0', message: 'Put Flatten before it.' },
    { field: 'body.layers.0', message: 'Or not.' },
    { field: 'body.layers.1.width', message: 'Give a width.' },
    { field: 'body.optimizer.learning_rate', message: 'Too large.' },
  ])
  expect([...faults]).toEqual([
    ['layers.2.width', 'Input should be less than or equal to 64.'],
    ['layers.0', 'Put Flatten before it. Or not.'],
    ['layers.1.width', 'Give a width.'],
    ['optimizer.learning_rate', 'Too large.'],
  ])
})

test.each([
  ['layers.2.width', 'layer 3, width'],
  ['layers.0', 'layer 1'],
  ['layers', 'layers'],
  ['optimizer.learning_rate', 'learning rate'],
  ['batch_size', 'batch size'],
])('%s is %s', (place, words) => expect(placeInWords(place)).toBe(words))

test('what was chosen is there at the next visit', () => {
  const all: Spec = { ...FIRST, layers: LAYERS.map(([kind]) => newLayer(kind)), batch_size: 3 }
  keepSpec(all)
  expect(readSpec()).toEqual(all)
})

test.each<[string, unknown]>([
  ['nothing', null],
  ['no JSON', 'no JSON'],
  ['a list', []],
  ['a field too few', { ...FIRST, loss: undefined }],
  ['a layer that there is not', { ...FIRST, layers: [{ kind: 'transformer' } as Layer] }],
  ['a setting that there is not', { ...FIRST, layers: [{ kind: 'relu', slope: 1 }] }],
  ['no layer at all', { ...FIRST, layers: [null] }],
])('what cannot be read is a first network: %s', (_, stored) => {
  writeStored('builder', typeof stored === 'string' ? stored : JSON.stringify(stored))
  expect(readSpec()).toEqual(FIRST)
})
