import { expect, test } from 'vitest'
import { actionFor, EDITOR_SHORTCUTS, type KeyPress, SHORTCUTS } from './keyboard'

function press(spec: string): KeyPress {
  const parts = spec === '+' ? ['+'] : spec.split(/\+(?=.)/)
  const key = parts.at(-1) ?? ''
  const has = (name: string) => parts.slice(0, -1).includes(name)
  return { key, ctrlKey: has('Ctrl'), shiftKey: has('Shift'), metaKey: has('Meta'), altKey: has('Alt') }
}

const bound = SHORTCUTS.flatMap(({ keys }) => Object.entries(keys))

test.each(bound)('%j does %s', (spec, action) => expect(actionFor(press(spec))).toBe(action))

test('no key does two things', () => {
  expect(new Set(bound.map(([spec]) => spec)).size).toBe(bound.length)
})

test.each([
  ['Meta+Enter', 'run'],
  ['Shift+?', 'help'],
  ['Shift+F', 'projector'],
] as const)('%s does %s', (spec, action) => expect(actionFor(press(spec))).toBe(action))

test.each(['Ctrl+f', 'Ctrl+1', 'Alt+ArrowLeft', 'Ctrl+ArrowRight', 'Meta+[', 'x', 'Enter', 'Tab', 'Shift+Home'])(
  '%s is left to the browser',
  (spec) => expect(actionFor(press(spec))).toBeNull(),
)

test('no key of the program is listed twice, and each says what it does', () => {
  expect(new Set(EDITOR_SHORTCUTS.map(({ binding }) => binding)).size).toBe(EDITOR_SHORTCUTS.length)
  for (const { shown, does } of EDITOR_SHORTCUTS) expect(shown.length * does.length).toBeGreaterThan(0)
})
