import { expect, test, vi } from 'vitest'
import { Store } from './store'

test('tells every listener what changed, and only when something did', () => {
  const store = new Store({ step: 0, name: 'w' })
  const listener = vi.fn()
  const stop = store.subscribe(listener)

  store.update({ step: 0 })
  expect(listener).not.toHaveBeenCalled()

  store.update({ step: 3 })
  expect(listener).toHaveBeenCalledWith({ step: 3, name: 'w' }, { step: 0, name: 'w' })

  stop()
  store.update({ step: 4 })
  expect(listener).toHaveBeenCalledTimes(1)
  expect(store.state.step).toBe(4)
})

test('NaN is not a change of NaN', () => {
  const store = new Store({ loss: Number.NaN })
  const listener = vi.fn()
  store.subscribe(listener)
  store.update({ loss: Number.NaN })
  expect(listener).not.toHaveBeenCalled()
})
