// @vitest-environment happy-dom
import { html } from 'lit'
import { beforeEach, expect, test, vi } from 'vitest'
import { nodeDecorations } from '../stage/decorations'
import type { CreateFeature, Feature } from './feature'
import { lostText } from './lost'
import { fakePage } from './testing'

beforeEach(() => localStorage.clear())

/** A feature that is one folder and one line: a panel, an action, a part of the state. */
const dice: CreateFeature = (page) => {
  const slice = page.slice<{ eyes: number }>({ id: 'dice', initial: { eyes: 0 } })
  return {
    id: 'dice',
    actions: [
      {
        id: 'throw',
        label: 'Throw the dice',
        keys: ['y'],
        shown: 'Y',
        group: 'Page',
        run: () => slice.update({ eyes: 6 }),
      },
    ],
    slots: { panel: { order: 90, title: () => 'Dice', render: () => html`<p>${slice.state.eyes} eyes</p>` } },
  }
}

const textOf = (page: ReturnType<typeof fakePage>) => page.host.shadowRoot?.textContent ?? ''

test('a feature shows itself, and what it keeps', async () => {
  const page = fakePage({ features: [dice] })
  page.panels.showPanel('dice')
  await page.host.updateComplete
  expect(textOf(page)).toContain('0 eyes')
  page.actions.run('throw')
  await page.host.updateComplete
  expect(textOf(page)).toContain('6 eyes')
})

test('what cannot be loaded is said in one sentence, and is tried again when it is shown again', async () => {
  let isShown = true
  const load = vi.fn().mockRejectedValueOnce(new TypeError('gone')).mockResolvedValue({})
  const feature = (): Feature => ({
    id: 'late',
    slots: { stage: { name: 'The picture', isShown: () => isShown, load, render: () => html`<p>here</p>` } },
  })
  const page = fakePage({ features: [feature] })
  await vi.waitFor(() => expect(page.store.state.notice).toEqual({ kind: 'error', text: lostText('The picture') }))
  await page.host.updateComplete
  expect(load).toHaveBeenCalledOnce()
  for (isShown of [false, true]) {
    page.host.requestUpdate()
    await page.host.updateComplete
  }
  expect(load).toHaveBeenCalledTimes(2)
})

test('two features cannot have the same key or the same action', () => {
  expect(() => fakePage({ features: [dice, dice] })).toThrow('“dice”')
  const other = (): Feature => ({
    id: 'other',
    actions: [{ id: 'other', label: 'Other', keys: ['y'], shown: 'Y', group: 'Page', run: () => {} }],
  })
  expect(() => fakePage({ features: [dice, other] })).toThrow('The key y of “other” does “throw” already.')
})

test('the walk goes as far as every feature lets it', () => {
  const held = (most: number) => (): Feature => ({ id: `${most}`, hooks: { gate: (_from, to) => Math.min(to, most) } })
  const page = fakePage({ features: [held(5), held(3)] })
  expect(page.walk.player.gate(0, 9)).toBe(3)
  expect(page.walk.player.gate(0, 2)).toBe(2)
})

test('what a feature begins ends with the page', async () => {
  const dispose = vi.fn()
  const connect = vi.fn(() => ({ dispose }))
  const page = fakePage({ features: [() => ({ id: 'long', connect })] })
  await page.host.updateComplete
  expect(connect).toHaveBeenCalledOnce()
  page.host.remove()
  expect(dispose).toHaveBeenCalledOnce()
})

test('the marks of features and the breakpoints stand together on the stage, and stay the same object', () => {
  const marks = nodeDecorations([['w', { severity: 'warning' }]])
  const page = fakePage({ features: [() => ({ id: 'marker', decorations: () => marks })] })
  page.store.update({ breakpoints: ['w', 'x'] })
  const { decorations } = page
  expect([...decorations.nodes]).toEqual([
    ['w', { isBreakpoint: true, severity: 'warning' }],
    ['x', { isBreakpoint: true }],
  ])
  page.store.update({ step: 1 })
  expect(page.decorations).toBe(decorations)
})
