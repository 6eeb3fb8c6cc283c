// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { beforeEach, expect, test, vi } from 'vitest'
import { FEATURES } from '../features'
import { type Action, ActionRegistry, type KeyRow } from '../page/actions'
import { PICTURE_KEYS, pageActions, pictureActions, programActions, walkActions } from '../page/core-actions'
import { fakePage } from '../page/testing'

vi.stubGlobal(
  'ResizeObserver',
  class {
    observe() {}
    disconnect() {}
  },
)

beforeEach(() => localStorage.clear())

/** The actions of the whole page. */
function actionsOf(): ActionRegistry {
  const page = fakePage({ features: FEATURES })
  const registry = new ActionRegistry()
  registry.add([...walkActions(page), ...pictureActions(page), ...programActions(page), ...pageActions(page)])
  registry.addRows('Picture', PICTURE_KEYS)
  for (const { actions = [], keyRows = [] } of page.features) {
    registry.add(actions)
    registry.addRows('Look', keyRows)
  }
  return registry
}

/** The keys of the page: they stay what they are. */
const KEYS: Record<string, string[]> = {
  play: [' '],
  'previous-step': ['ArrowLeft', ','],
  'next-step': ['ArrowRight', '.'],
  'previous-phase': ['Shift+ArrowLeft'],
  'next-phase': ['Shift+ArrowRight'],
  'first-step': ['Home'],
  'last-step': ['End'],
  'previous-iteration': ['['],
  'next-iteration': [']'],
  'next-stop': ['j', 'J'],
  'previous-stop': ['k', 'K'],
  'speed-1': ['1'],
  'speed-2': ['2'],
  'speed-3': ['3'],
  'speed-4': ['4'],
  'speed-5': ['5'],
  search: ['/'],
  read: ['a', 'A'],
  projector: ['f', 'F'],
  training: ['t', 'T'],
  share: ['l', 'L'],
  compare: ['c', 'C'],
  'zoom-in': ['+', '='],
  'zoom-out': ['-'],
  fit: ['0'],
  'toggle-all': ['Shift+Enter'],
  breakpoint: ['b'],
  'next-breakpoint': ['g'],
  'previous-breakpoint': ['G'],
  'next-gradient': ['n'],
  'previous-gradient': ['N'],
  check: ['v', 'V'],
  'over-group': ['o'],
  'back-over-group': ['O'],
  'next-finding': ['w'],
  'previous-finding': ['W'],
  predict: ['q', 'Q'],
  build: ['m', 'M'],
  run: ['Ctrl+Enter'],
  live: ['r', 'R'],
  shapes: ['s', 'S'],
  glossary: ['d', 'D'],
  course: ['u', 'U'],
  escape: ['Escape'],
  help: ['?'],
  palette: ['Ctrl+k', 'Ctrl+K'],
  theme: [],
}

test('every key does what it has always done', () => {
  const found = Object.fromEntries(actionsOf().all.map(({ id, keys }: Action) => [id, keys]))
  expect(found).toEqual(KEYS)
})

test('every action says what it does, and the help knows its keys', () => {
  const registry = actionsOf()
  const help = registry.help.map(({ shown }) => ` ${shown} `).join('')
  for (const { label, shown, keys } of registry.all) {
    expect(label.length).toBeGreaterThan(3)
    expect(keys.length === 0).toBe(shown === '')
    for (const cap of shown.split(' + ').filter(Boolean)) expect(help).toContain(` ${cap} `)
  }
})

test('the table of keys in the README is that of the help', () => {
  const readme = readFileSync('../README.md', 'utf8')
  const table = actionsOf().help.map(({ shown, does }: KeyRow) => `| ${shown} | ${does} |`)
  for (const row of table) expect(readme).toContain(row)
})

test('every action that an element sends is one of the page', () => {
  const registry = actionsOf()
  const scripts = import.meta.glob<string>('../**/*.ts', { query: '?raw', import: 'default', eager: true })
  const sent = Object.entries(scripts)
    .filter(([path]) => !path.endsWith('.test.ts'))
    .flatMap(([, text]) => [...text.matchAll(/'gw-action', \{ action: '([\w-]+)' \}/g)].map(([, id]) => id ?? ''))
  expect(sent.length).toBeGreaterThan(5)
  for (const id of sent) expect(registry.get(id)?.id).toBe(id)
})
