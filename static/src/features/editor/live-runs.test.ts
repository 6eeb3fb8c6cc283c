import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ErrorReport } from '../../core/contract'
import { Store } from '../../core/store'
import { initialPage } from '../../page/state'
import { LiveRuns } from './live-runs'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function setUp(live = true) {
  const store = new Store({ ...initialPage('light'), live })
  const runLive = vi.fn(async () => true)
  const onShown = vi.fn()
  const isChoosing = vi.fn(() => false)
  const writing = { isChoosing, looksWhole: async (source: string) => !source.includes('unfinished') }
  const runs = new LiveRuns(store, { runLive }, writing, onShown)
  const type = async (source: string, pause = 1000) => {
    store.update({ source })
    await vi.advanceTimersByTimeAsync(pause)
  }
  return { store, runLive, onShown, runs, type, isChoosing }
}

test('a pause in typing runs the program once', async () => {
  const { runLive, onShown, type } = setUp()
  await type('x', 100)
  await type('x =', 100)
  await type('x = 1', 100)
  expect(runLive).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1000)
  expect(runLive).toHaveBeenCalledTimes(1)
  expect(onShown).toHaveBeenCalledTimes(1)
})

test('nothing is run while it is switched off, and what was typed as soon as it is on', async () => {
  const { store, runLive, type } = setUp(false)
  await type('x = 1')
  expect(runLive).not.toHaveBeenCalled()
  store.update({ live: true })
  await vi.advanceTimersByTimeAsync(1000)
  expect(runLive).toHaveBeenCalledTimes(1)
})

test('an unfinished text is not sent', async () => {
  const { runLive, type } = setUp()
  await type('unfinished')
  expect(runLive).not.toHaveBeenCalled()
})

test('a word that is being chosen is waited for', async () => {
  const { runLive, isChoosing, type } = setUp()
  isChoosing.mockReturnValue(true)
  await type('x = F.re', 3000)
  expect(runLive).not.toHaveBeenCalled()
  isChoosing.mockReturnValue(false)
  await vi.advanceTimersByTimeAsync(1000)
  expect(runLive).toHaveBeenCalledTimes(1)
})

test('a program that was undone or has failed already is not run again', async () => {
  const { store, runLive, type } = setUp()
  await type('x = 1', 100)
  await type('')
  expect(runLive).not.toHaveBeenCalled()
  store.update({ failure: { source: 'bad', error: {} as ErrorReport } })
  await type('bad')
  expect(runLive).not.toHaveBeenCalled()
})

test('it waits for nobody, but gives way to a run by hand and to another lesson', async () => {
  const { store, runLive, type } = setUp()
  for (const what of ['running', 'opening', 'preparing'] as const) {
    store.update({ busy: { what, since: 0 } })
    await type(`x = '${what}'`)
  }
  expect(runLive).not.toHaveBeenCalled()
  store.update({ busy: { what: 'trying', since: 0 } })
  await type('x = 1')
  expect(runLive).toHaveBeenCalledTimes(1)
})

test('the end of the page ends it', async () => {
  const { runs, runLive, type } = setUp()
  await type('x = 1', 100)
  runs.dispose()
  await vi.advanceTimersByTimeAsync(1000)
  expect(runLive).not.toHaveBeenCalled()
})
