// @vitest-environment happy-dom
/** The what-if on a page: its numbers in the inspector, its bar over the stage, and the way back. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Graph, Iteration } from '../../core/contract'
import neuron from '../../golden/recordings/neuron.json'
import { fakePage, headOf } from '../../page/testing'
import { inspector } from '../inspector'
import type { InspectorPanel } from '../inspector/inspector-panel'
import { whatIf } from '.'
import { change } from './testing'

beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => void vi.useRealTimers())

const { graph, iteration } = neuron as unknown as { graph: Graph; iteration: Iteration }
const idOf = (name: string) => graph.nodes.find((node) => node.name === name)?.id ?? ''

async function setUp() {
  const client = {
    run: vi.fn(async () => ({ snapshot: 'varied', outcome: { status: 'completed', error: null } })),
    snapshot: vi.fn(async () => headOf('varied', graph, iteration)),
    iteration: vi.fn(async () => iteration),
  }
  const page = fakePage({
    features: [inspector, whatIf],
    client: client as never,
    state: { head: headOf('recorded', graph, iteration), selected: idOf('w') },
  })
  page.store.update({ body: iteration })
  await page.host.updateComplete
  const panel = page.host.renderRoot.querySelector<InspectorPanel>('gw-inspector')
  await panel?.updateComplete
  const card = () => panel?.shadowRoot?.querySelector('gw-what-if') ?? null
  return { page, client, panel, card }
}

test('a leaf has a card in the inspector, and an operation has none', async () => {
  const { page, panel, card } = await setUp()
  await vi.waitFor(() => expect(card()?.shadowRoot?.textContent).toContain('What if it were another number'))
  page.select(idOf('a'))
  await page.host.updateComplete
  await panel?.updateComplete
  expect(card()).toBeNull()
})

test('the numbers that can be dragged on the stage are those of leaves with a single one', async () => {
  const { page } = await setUp()
  expect(page.pullable).toContain(idOf('w'))
  expect(page.pullable).not.toContain(idOf('a'))
  expect(page.pullable).toBe(page.pullable)
})

test('another number runs the program, the page knows that it shows a variation, and Escape leads back', async () => {
  const { page, client, panel } = await setUp()
  panel?.dispatchEvent(
    new CustomEvent('gw-what-if', {
      detail: { change: change(3, { dtype: 'float32' }) },
      bubbles: true,
      composed: true,
    }),
  )
  expect(page.store.state.variation).toMatchObject({ recorded: { head: { id: 'recorded' } }, moving: true })
  await vi.advanceTimersByTimeAsync(5000)
  expect(client.run).toHaveBeenCalledOnce()
  expect(page.store.state).toMatchObject({ head: { id: 'varied' }, own: true, variation: { moving: false } })
  page.escape()
  expect(page.store.state).toMatchObject({ head: { id: 'recorded' }, own: false, variation: null })
})
