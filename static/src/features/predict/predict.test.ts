// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import type { Graph, Iteration } from '../../core/contract'
import neuron from '../../golden/recordings/neuron.json'
import { fakePage, headOf } from '../../page/testing'
import { predict } from '.'
import type { PredictCard } from './predict-card'
import { question } from './testing'

beforeEach(() => localStorage.clear())

const { graph, iteration } = neuron as unknown as { graph: Graph; iteration: Iteration }
const BEFORE = 4

function setUp(questions: () => Promise<unknown> = async () => ({ questions: [question('q', BEFORE)], note: null })) {
  const verdict = { right: true, expected: 'positive', why: 'Because.', node: 'n0', edge: null, tolerance: null }
  const client = { questions: vi.fn(questions), judge: vi.fn(async () => verdict) }
  const page = fakePage({
    features: [predict],
    client: client as never,
    state: { head: headOf('neuron', graph, iteration) },
  })
  page.store.update({ body: iteration })
  const card = () => page.host.renderRoot.querySelector<PredictCard>('gw-predict')
  const text = () => card()?.shadowRoot?.textContent ?? ''
  return { page, client, card, text }
}

test('Q switches the questions on: the walk stops before the step and the card asks', async () => {
  const { page, client, text } = setUp()
  expect(text()).toBe('')
  page.actions.run('predict')
  expect(page.store.state.predict).not.toBeNull()
  await vi.waitFor(() => expect(client.questions).toHaveBeenCalledOnce())
  await vi.waitFor(() => expect(text()).toContain('Predict'))
  page.walk.player.seek(BEFORE + 5)
  expect(page.store.state.step).toBe(BEFORE - 1)
  page.walk.player.arrive(BEFORE - 1)
  await vi.waitFor(() => expect(text()).toContain('Will the gradient of w be positive'))
  expect(page.host.getAttribute('predicting')).toBe('asking')
})

test('Q once more ends them, and the walk is free', async () => {
  const { page, client, card } = setUp()
  page.actions.run('predict')
  await vi.waitFor(() => expect(client.questions).toHaveBeenCalledOnce())
  page.actions.run('predict')
  await page.host.updateComplete
  expect(page.store.state.predict).toBeNull()
  expect(card()).toBeNull()
  page.walk.player.seek(BEFORE + 5)
  expect(page.store.state.step).toBe(BEFORE + 5)
})

test('two runs at once are not asked about', () => {
  const { page } = setUp()
  page.store.update({ pair: { id: 'other', first: headOf('neuron', graph, iteration) } })
  page.actions.run('predict')
  expect(page.store.state.predict).toBeNull()
  expect(page.store.state.notice?.text).toContain('end the comparison first')
})
