// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import type { PageEvents } from '../ui/events'
import type { Action } from './actions'
import type { CommandPalette } from './command-palette'
import './command-palette'

const action = (id: string, label: string, isEnabled = true): Action => ({
  id,
  label,
  keys: [id],
  shown: id.toUpperCase(),
  group: 'Walk',
  isEnabled: () => isEnabled,
  run: () => {},
})

const sent: string[] = []

async function opened() {
  const palette = document.createElement('gw-palette') as CommandPalette
  palette.actions = [
    action('a', 'One step back'),
    action('b', 'One step forward'),
    action('c', 'Cannot be done', false),
  ]
  palette.addEventListener('gw-action', (e) => sent.push((e as CustomEvent<PageEvents['gw-action']>).detail.action))
  document.body.replaceChildren(palette)
  await palette.updateComplete
  palette.show()
  await palette.updateComplete
  const root = palette.shadowRoot as ShadowRoot
  const field = root.querySelector('input') as HTMLInputElement
  return {
    field,
    options: () => [...root.querySelectorAll('[role=option] b')].map((one) => one.textContent),
    press: async (key: string) => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
      await palette.updateComplete
    },
    type: async (text: string) => {
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
      await palette.updateComplete
    },
    dialog: root.querySelector('dialog') as HTMLDialogElement,
    chosen: () => root.querySelector('[aria-selected=true] b')?.textContent,
    active: () =>
      root.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.querySelector('b')?.textContent,
  }
}

beforeEach(() => sent.splice(0))

test('offers what can be done now', async () => {
  const { options, dialog } = await opened()
  expect(dialog.open).toBe(true)
  expect(options()).toEqual(['One step back', 'One step forward'])
})

test('what is typed finds it, and Enter does it', async () => {
  const { type, options, press, dialog } = await opened()
  await type('forw')
  expect(options()).toEqual(['One step forward'])
  await press('Enter')
  expect(dialog.open).toBe(false)
  await vi.waitFor(() => expect(sent).toEqual(['b']))
})

test('arrow keys go through the list, round after its end, and the field says where they are', async () => {
  const { press, chosen, active } = await opened()
  expect(chosen()).toBe('One step back')
  await press('ArrowDown')
  expect([chosen(), active()]).toEqual(['One step forward', 'One step forward'])
  await press('ArrowDown')
  expect(chosen()).toBe('One step back')
  await press('ArrowUp')
  expect(chosen()).toBe('One step forward')
})
