import { expect, test } from 'vitest'
import { NOWHERE } from '../page/url'
import { placeFromText, textOf } from './player-place'

test.each(['step=7', 'step=7&iteration=3', 'step=1&iteration=0&node=n4&open=g0,g2', ''])(
  '%j goes there and back',
  (text) => {
    expect(textOf(placeFromText(text))).toBe(text)
  },
)

test('what makes no sense is as if it were not there', () => {
  expect(placeFromText('step=0&iteration=x&node=<b>&lesson=neuron')).toEqual(NOWHERE)
})
