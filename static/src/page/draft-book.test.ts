import { beforeEach, expect, test, vi } from 'vitest'
import { DraftBook } from './draft-book'

const stored = new Map<string, string>()
let full = false
/** A tab has a session storage of its own; a reload keeps it. */
function openTab(session = new Map<string, string>(), now = () => 0) {
  vi.stubGlobal('window', {
    localStorage: {
      get length() {
        return stored.size
      },
      key: (i: number) => [...stored.keys()][i] ?? null,
      removeItem: (key: string) => stored.delete(key),
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => {
        if (full) throw new DOMException('full', 'QuotaExceededError')
        stored.set(key, value)
      },
    },
    sessionStorage: {
      getItem: (key: string) => session.get(key) ?? null,
      setItem: (key: string, value: string) => session.set(key, value),
    },
    addEventListener: (_: string, listener: (event: StorageEvent) => void) => listeners.push(listener),
    removeEventListener: () => undefined,
  })
  return new DraftBook(now)
}
const listeners: ((event: StorageEvent) => void)[] = []

beforeEach(() => {
  stored.clear()
  listeners.length = 0
  full = false
})

test('a draft survives a closed tab', () => {
  expect(openTab().keep('neuron', 'mine')).toBe(true)
  expect(openTab().take('neuron')?.source).toBe('mine')
  expect(openTab().take('module')).toBeNull()
})

test('an unchanged program has none', () => {
  const tab = openTab()
  tab.keep('neuron', 'mine')
  tab.keep('neuron', null)
  expect(openTab().take('neuron')).toBeNull()
})

test('two tabs have two drafts, neither overwrites the other', () => {
  const first = openTab()
  const second = openTab()
  first.keep('neuron', 'of the first')
  second.keep('neuron', 'of the second')
  first.keep('neuron', 'of the first, longer')
  expect(second.other('neuron', 'of the second')?.source).toBe('of the first, longer')
  expect(first.other('neuron', '')?.source).toBe('of the second')
  first.keep('neuron', null)
  expect(first.other('neuron', '')?.source).toBe('of the second')
})

test('a tab that is loaded anew goes on with its own, another with the latest', () => {
  const session = new Map<string, string>()
  openTab(session, () => 1).keep('neuron', 'of the first')
  openTab(new Map(), () => 2).keep('neuron', 'of the second')
  expect(openTab(session).take('neuron')?.source).toBe('of the first')
  expect(openTab().take('neuron')?.source).toBe('of the second')
})

test('what a tab goes on with is its own from then on: run, it is gone', () => {
  openTab().keep('neuron', 'mine')
  const tab = openTab()
  tab.take('neuron')
  expect(tab.holds('neuron')).toBe(true)
  tab.keep('neuron', null)
  expect(openTab().take('neuron')).toBeNull()
})

test('storage that is full says so', () => {
  const tab = openTab()
  full = true
  expect(tab.keep('neuron', 'mine')).toBe(false)
})

test('what is damaged is as if it were not there', () => {
  for (const text of ['{', '[]', 'null', '3', '{"source": 3, "at": 1}']) {
    stored.set('gradwalk:draft:neuron:1', text)
    expect(openTab().take('neuron')).toBeNull()
  }
})

test('drafts of the page before are kept', () => {
  stored.set('gradwalk:drafts', '{"neuron": "old", "module": 3}')
  expect(openTab().take('neuron')?.source).toBe('old')
  expect(stored.has('gradwalk:drafts')).toBe(false)
  stored.set('gradwalk:drafts', '{')
  expect(openTab().take('module')).toBeNull()
})

test('the oldest are dropped', () => {
  let now = 0
  const tab = openTab(new Map(), () => now++)
  for (let i = 0; i < 25; i += 1) tab.keep(`program ${i}`, 'mine')
  expect(tab.take('program 0')).toBeNull()
  expect(tab.take('program 24')?.source).toBe('mine')
})

test('a change in another tab names its program', () => {
  const told: string[] = []
  openTab().watch((program) => told.push(program))
  for (const key of ['gradwalk:draft:neuron:17', 'gradwalk:theme', 'other:draft:module:1', null])
    listeners[0]?.({ key } as StorageEvent)
  expect(told).toEqual(['neuron'])
})

test('two tabs that write at the same moment both keep theirs', () => {
  const [first, second] = [openTab(), openTab()]
  const before = new Map(stored)
  first.keep('neuron', 'of the first')
  const written = [...stored].filter(([key]) => !before.has(key))
  // the second has not seen yet what the first wrote
  for (const [key] of written) stored.delete(key)
  second.keep('neuron', 'of the second')
  for (const [key, value] of written) stored.set(key, value)
  expect(first.other('neuron', '')?.source).toBe('of the second')
  expect(second.other('neuron', '')?.source).toBe('of the first')
})
