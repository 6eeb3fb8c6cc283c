// @vitest-environment happy-dom
/** A feature in one folder and one line: it shows itself in every place of the whole page that it fills. */

import { html, type LitElement } from 'lit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Client } from '../api/client'
import type { Graph, Iteration } from '../core/contract'
import { FEATURES } from '../features'
import neuron from '../golden/recordings/neuron.json'
import type { CreateFeature } from '../page/feature'
import { headOf } from '../page/testing'
import { type Decorations, nodeDecorations, UNDECORATED } from '../stage/decorations'
import { GradwalkApp } from './app'

const { graph, iteration } = neuron as unknown as { graph: Graph; iteration: Iteration }
const [NODE = ''] = graph.nodes.map(({ id }) => id)

const HEAD = headOf('neuron', graph, iteration)

/** A die that is thrown with a key; a six marks a node, and the address keeps the eyes. */
const dice: CreateFeature = (page) => {
  const slice = page.slice<{ eyes: number }>({
    id: 'dice',
    initial: { eyes: 0 },
    toUrl: ({ eyes }) => (eyes === 0 ? {} : { eyes: `${eyes}` }),
    fromUrl: ({ eyes }) => ({ eyes: Number(eyes ?? 0) }),
  })
  const six: Decorations = nodeDecorations([[NODE, { severity: 'warning' }]])
  return {
    id: 'dice',
    actions: [
      {
        id: 'throw',
        label: 'Throw the dice',
        keys: ['y'],
        shown: 'Y',
        group: 'Look',
        row: { shown: 'Y', does: 'Throw the dice: a six marks a node' },
        button: { text: 'Dice', hint: 'Throw the dice (Y)', side: 'right', order: 99 },
        run: () => slice.update({ eyes: 6 }),
      },
    ],
    slots: {
      panel: { order: 90, title: () => 'Dice', render: () => html`<p class="eyes">${slice.state.eyes} eyes</p>` },
    },
    decorations: () => (slice.state.eyes === 6 ? six : UNDECORATED),
  }
}

/** A server that has one recorded run, and nothing else to say. */
function fakeClient(): Client {
  return {
    lessons: vi.fn(async () => []),
    snapshot: vi.fn(async () => HEAD),
    iteration: vi.fn(async () => iteration),
    findings: vi.fn(async () => []),
  } as unknown as Client
}

/** The page with all its features and the one line more, at the address of the run. */
async function openPage(address: string): Promise<GradwalkApp> {
  window.history.replaceState(null, '', address)
  const app = new GradwalkApp([...FEATURES, dice], fakeClient())
  document.body.replaceChildren(app)
  await vi.waitFor(() => expect(find(app, 'gw-stage')).not.toBeNull())
  return app
}

const find = <E extends Element>(app: LitElement, selector: string) => app.renderRoot.querySelector<E>(selector)
const press = (key: string, more: KeyboardEventInit = {}) =>
  document.body.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more }),
  )

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
})

// what is still being drawn would be torn out of the page where the test ends
afterEach(async () => {
  for (const app of document.querySelectorAll('gradwalk-app')) app.remove()
  await new Promise((done) => setTimeout(done))
})

/** Opens the panel of the toy, and returns what stands in it. */
async function panelText(app: GradwalkApp): Promise<string | undefined> {
  const tabs = [...app.renderRoot.querySelectorAll<HTMLElement>('.side [role=tab]')]
  tabs.find(({ textContent }) => textContent === 'Dice')?.click()
  await app.updateComplete
  return find(app, '.side .eyes')?.textContent ?? undefined
}

test('its tab stands beside the others, its key runs its action, and its panel shows what came of it', async () => {
  const app = await openPage('/s/neuron')
  expect(await panelText(app)).toBe('0 eyes')
  press('y')
  await app.updateComplete
  expect(find(app, '.side .eyes')?.textContent).toBe('6 eyes')
})

test('the stage gets its mark', async () => {
  const app = await openPage('/s/neuron')
  const marked = () => (find(app, 'gw-stage') as unknown as { decorations: Decorations }).decorations.nodes.get(NODE)
  expect(marked()).toBeUndefined()
  press('y')
  await app.updateComplete
  expect(marked()).toEqual({ severity: 'warning' })
})

test('the address has its part of the state, and brings it back', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const app = await openPage('/s/neuron')
  press('y')
  await vi.advanceTimersByTimeAsync(1000)
  vi.useRealTimers()
  expect(window.location.pathname).toBe('/s/neuron')
  expect(window.location.search).toContain('eyes=6')
  app.remove()
  const again = await openPage(`${window.location.pathname}${window.location.search}`)
  expect(await panelText(again)).toBe('6 eyes')
})

test('help, palette and header offer its action', async () => {
  const app = await openPage('/s/neuron')
  const offered = async (tag: string) => {
    await vi.waitFor(() => expect(find(app, tag)?.shadowRoot?.querySelector('dialog')?.open).toBe(true))
    return find(app, tag)?.shadowRoot?.textContent ?? ''
  }
  press('?', { shiftKey: true })
  expect(await offered('gw-help')).toContain('Throw the dice: a six marks a node')
  find<HTMLElement>(app, 'gw-help')?.shadowRoot?.querySelector('dialog')?.close()
  press('k', { ctrlKey: true })
  expect(await offered('gw-palette')).toContain('Throw the dice')
  const { actions } = find(app, 'gw-header') as unknown as { actions: { id: string }[] }
  expect(actions.map(({ id }) => id)).toContain('throw')
})
