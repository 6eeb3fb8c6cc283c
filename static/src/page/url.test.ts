import { describe, expect, test } from 'vitest'
import { formatPlace, NOWHERE, type Place, parsePlace } from './url'

const at = (address: string) => parsePlace(new URL(address, 'http://localhost'))

const PLACES: [string, Place][] = [
  ['/', NOWHERE],
  ['/lessons/neuron', { ...NOWHERE, lesson: 'neuron' }],
  ['/lessons/neuron?step=7&iteration=0&node=n4', { ...NOWHERE, lesson: 'neuron', step: 6, iteration: 0, node: 'n4' }],
  ['/lessons/neuron?stop=3', { ...NOWHERE, lesson: 'neuron', stop: 3 }],
  ['/s/abc?lesson=neuron&stop=3&step=1', { ...NOWHERE, lesson: 'neuron', stop: 3, snapshot: 'abc', step: 0 }],
  ['/s/abcDEF_-1', { ...NOWHERE, snapshot: 'abcDEF_-1' }],
  [
    '/s/abc?lesson=module&step=1&iteration=19&open=g0,g2',
    { ...NOWHERE, lesson: 'module', snapshot: 'abc', step: 0, iteration: 19, open: ['g0', 'g2'] },
  ],
  ['/lessons/module?training=1', { ...NOWHERE, lesson: 'module', training: true }],
  ['/s/abc?step=1&compare=x-Y_9', { ...NOWHERE, snapshot: 'abc', step: 0, compare: 'x-Y_9' }],
  ['/lessons/neuron?step=1&break=n4,l12', { ...NOWHERE, lesson: 'neuron', step: 0, breakpoints: ['n4', 'l12'] }],
  ['/lessons/neuron?step=1&predict=7', { ...NOWHERE, lesson: 'neuron', step: 0, predict: 7 }],
  ['/lessons/module?open=', { ...NOWHERE, lesson: 'module', open: [] }],
]

describe.each(PLACES)('%s', (address, place) => {
  test('is read', () => expect(at(address)).toEqual(place))
  test('is written the same', () => expect(formatPlace(place)).toBe(address))
})

test.each([
  ['/lessons/neuron?step=0'],
  ['/lessons/neuron?step=-3&iteration=x&stop=0'],
  ['/lessons/neuron?step=1e9&node=<script>'],
  ['/lessons/neuron?compare=../x'],
  ['/lessons/neuron?predict=-1'],
  ['/lessons/neuron?step=99999999999999999999'],
])('%s says nothing about the step', (address) => {
  expect(at(address)).toEqual({ ...NOWHERE, lesson: 'neuron' })
})

test('every place survives being written and read', () => {
  for (const lesson of [null, 'neuron'])
    for (const snapshot of [null, 'Ab-_9'])
      for (const step of [null, 1, 41])
        for (const node of [null, 'n12'])
          for (const open of [null, [], ['g1', 'g3']])
            for (const training of [null, true] as const)
              for (const breakpoints of [[], ['n4', 'l12']]) {
                const place: Place = {
                  lesson,
                  stop: step,
                  snapshot,
                  iteration: step,
                  step,
                  node,
                  open,
                  training,
                  breakpoints,
                  compare: snapshot,
                  predict: step,
                }
                expect(at(formatPlace(place))).toEqual(place)
              }
})
