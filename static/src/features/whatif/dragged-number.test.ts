import { describe, expect, test } from 'vitest'
import { PulledNumber } from './dragged-number'
import { recorded } from './testing'

const run = recorded(1, [2])
const view = { head: run.head, body: run.body, iteration: 0, whatIf: null }
const pull = (pixels: number, begins = false, extra: object = {}) =>
  ({ node: 'n0', pixels, pace: 'usual', begins, ...extra }) as const

describe('a number that is pulled', () => {
  test('goes as far as the pointer, of which every part counts', () => {
    const number = new PulledNumber()
    const values = [pull(3, true), pull(2), pull(0.4), pull(0.4), pull(-30)].map(
      (one) => number.change(view, one)?.value,
    )
    expect(values).toEqual([1.03, 1.05, 1.05, 1.06, 0.76])
  })
  test('is the recorded one again where the pull began', () => {
    const number = new PulledNumber()
    number.change(view, pull(5, true))
    expect(number.change(view, pull(-5))).toMatchObject({ recorded: 1, value: 1, name: 'w', index: [0] })
  })
  test('begins anew with every pull', () => {
    const number = new PulledNumber()
    number.change(view, pull(50, true))
    expect(number.change(view, pull(1, true))?.value).toBe(1.01)
  })
  test('must be one', () => expect(new PulledNumber().change(view, pull(5, true, { node: 'n2' }))).toBeNull())
})
