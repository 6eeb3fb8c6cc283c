import { expect, test } from 'vitest'
import { type KeyPress, keyOf } from './keyboard'

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  shiftKey: false,
  metaKey: false,
  altKey: false,
  ...held,
})

test.each([
  [press('Enter', { ctrlKey: true }), 'Ctrl+Enter'],
  [press('Enter', { metaKey: true }), 'Ctrl+Enter'],
  [press('ArrowLeft', { shiftKey: true }), 'Shift+ArrowLeft'],
  [press('?', { shiftKey: true }), '?'],
  [press('F', { shiftKey: true }), 'F'],
  [press('+'), '+'],
])('%j is called %s', (one, name) => expect(keyOf(one)).toBe(name))

test('a key with Alt is the browser’s', () => expect(keyOf(press('ArrowLeft', { altKey: true }))).toBeNull())
