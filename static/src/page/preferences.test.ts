import { beforeEach, expect, test, vi } from 'vitest'
import { Store } from '../core/store'
import { readTastes, switchTaste } from './preferences'
import { initialPage } from './state'

const stored = new Map<string, string>()

beforeEach(() => {
  stored.clear()
  vi.stubGlobal('window', {
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    },
  })
})

test('what is switched over is remembered', () => {
  const store = new Store(initialPage('light'))
  expect(readTastes()).toEqual({})
  switchTaste(store, 'shapes')
  switchTaste(store, 'live')
  expect(store.state).toMatchObject({ shapes: false, live: true })
  expect(readTastes()).toEqual({ shapes: false, live: true })
})

test.each(['{', 'null', '3', '{"live": "yes", "shapes": 1}'])('%s is no choice', (text) => {
  stored.set('gradwalk:editor', text)
  expect(readTastes()).toEqual({})
})
