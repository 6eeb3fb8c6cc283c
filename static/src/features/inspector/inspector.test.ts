// @vitest-environment happy-dom
import { html } from 'lit'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Graph, Iteration } from '../../core/contract'
import neuron from '../../golden/recordings/neuron.json'
import type { CreateFeature } from '../../page/feature'
import { fakePage, headOf } from '../../page/testing'
import { explain } from '../explain'
import { inspector } from '.'
import type { InspectorPanel } from './inspector-panel'

beforeEach(() => localStorage.clear())

const { graph, iteration } = neuron as unknown as { graph: Graph; iteration: Iteration }
const W = graph.nodes.find(({ name }) => name === 'w')?.id ?? ''

async function setUp(more: readonly CreateFeature[] = []) {
  const page = fakePage({ features: [inspector, ...more] })
  page.store.update({ head: headOf('neuron', graph, iteration), body: iteration })
  page.walk.player.seek(iteration.steps.length - 1)
  page.select(W)
  await page.host.updateComplete
  const panel = page.host.renderRoot.querySelector<InspectorPanel>('gw-inspector')
  await panel?.updateComplete
  return { page, panel }
}

test('the panel is about the selected node, and follows the step without one', async () => {
  const { page, panel } = await setUp()
  expect(panel).toMatchObject({ node: W, pinned: true })
  expect(panel?.shadowRoot?.querySelector('gw-node-heading')).not.toBeNull()
  page.select(null)
  await page.host.updateComplete
  expect(panel).toMatchObject({ node: page.walk.activeNode, pinned: false })
})

test('other features stand around the short account of a node, and below it', async () => {
  const seen = vi.fn()
  const more: CreateFeature = () => ({
    id: 'more',
    slots: {
      explanation: { render: ({ node, short }) => html`<div class="why">${node.name}${short}</div>` },
      inspector: {
        isShown: ({ kind }) => kind === 'parameter',
        load: async () => seen(),
        render: ({ node }) => html`<p class="below">${node.id}</p>`,
      },
    },
  })
  const { page, panel } = await setUp([more])
  const find = (selector: string) => panel?.shadowRoot?.querySelector(selector)
  expect(find('.why')?.textContent).toContain('w')
  expect(find('.below')?.textContent).toBe(W)
  expect(seen).toHaveBeenCalledOnce()
  page.select(graph.nodes.find(({ name }) => name === 'a')?.id ?? '')
  await page.host.updateComplete
  await panel?.updateComplete
  expect(find('.why gw-chain')).not.toBeNull()
  expect(find('.below')).toBeNull()
})

test('V verifies the gradient on show, or says that there is none', async () => {
  const { page, panel } = await setUp([explain])
  page.actions.run('check')
  expect(page.store.state.notice?.text).toContain('There is no gradient to check')
  await vi.waitFor(() => expect(panel?.shadowRoot?.querySelector('gw-explain')?.shadowRoot).not.toBeNull())
  const view = panel?.shadowRoot?.querySelector('gw-explain') as unknown as { check(): boolean }
  const check = vi.spyOn(view, 'check').mockReturnValue(true)
  page.store.update({ notice: null })
  page.actions.run('check')
  expect(check).toHaveBeenCalledOnce()
  expect(page.store.state.notice).toBeNull()
})
