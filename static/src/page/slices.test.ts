import { expect, test } from 'vitest'
import { Store } from '../core/store'
import { type Slice, Slices } from './slices'
import { initialPage } from './state'

interface Dice {
  seed: number | null
  thrown: number
}

const DICE: Slice<Dice> = {
  id: 'dice',
  initial: { seed: null, thrown: 0 },
  toUrl: ({ seed }) => (seed === null ? {} : { dice: String(seed) }),
  fromUrl: ({ dice }) => ({ seed: dice === undefined ? null : Number(dice) }),
}

function setUp() {
  const store = new Store(initialPage('light'))
  const slices = new Slices(store)
  return { store, slices, dice: slices.add(DICE) }
}

test('a part of the state begins as its feature says, and changes', () => {
  const { store, dice } = setUp()
  const seen: object[] = []
  store.subscribe(({ slices }) => seen.push(slices))
  dice.update({ thrown: 3 })
  dice.update({ thrown: 3 })
  expect(dice.state).toEqual({ seed: null, thrown: 3 })
  expect(seen).toHaveLength(1)
})

test('a part stands in the address, and is read from it', () => {
  const { store, slices, dice } = setUp()
  expect(slices.parameters()).toEqual({})
  dice.update({ seed: 7, thrown: 2 })
  expect(slices.parameters()).toEqual({ dice: '7' })
  store.update({ slices: slices.from({ dice: '8', other: 'x' }) })
  expect(dice.state).toEqual({ seed: 8, thrown: 2 })
  store.update({ slices: slices.from({}) })
  expect(dice.state.seed).toBeNull()
})

test('no two parts have the same name', () => {
  expect(() => setUp().slices.add(DICE)).toThrow('“dice”')
})
