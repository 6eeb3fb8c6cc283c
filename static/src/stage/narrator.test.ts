// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { REST_MS } from './announcer'
import type { NarrationCard } from './narrator'
import './narrator'

beforeEach(() => {
  vi.useFakeTimers()
  document.body.replaceChildren()
})

afterEach(() => vi.useRealTimers())

async function told(card: NarrationCard, sentence: Partial<Pick<NarrationCard, 'text' | 'where' | 'spokenWhere'>>) {
  Object.assign(card, sentence)
  await card.updateComplete
  vi.advanceTimersByTime(REST_MS)
  await card.updateComplete
  return card.renderRoot.querySelector('[role=status]')?.textContent
}

test('an iteration is named to a listener when it comes, not with every step', async () => {
  const card = document.createElement('gw-narration') as NarrationCard
  document.body.append(card)
  const first = { where: 'iteration 1 of 2 · epoch 0', spokenWhere: 'iteration 1 of 2 (epoch 0)' }
  const second = { where: 'iteration 2 of 2 · epoch 1', spokenWhere: 'iteration 2 of 2 (epoch 1)' }
  expect(await told(card, { text: 'Step 1.', ...first })).toBe('Iteration 1 of 2 (epoch 0). Step 1.')
  expect(await told(card, { text: 'Step 2.' })).toBe('Step 2.')
  expect(await told(card, { text: 'Step 2, again.', ...second })).toBe('Iteration 2 of 2 (epoch 1). Step 2, again.')
  expect(await told(card, { text: '' })).toBe('')
  expect(await told(card, { text: 'Step 3.' })).toBe('Step 3.')
  expect(card.renderRoot.querySelector('.where')?.textContent).toBe('iteration 2 of 2 · epoch 1')
})

test('the only iteration of a run is not named', async () => {
  const card = document.createElement('gw-narration') as NarrationCard
  document.body.append(card)
  expect(await told(card, { text: 'Step 1.' })).toBe('Step 1.')
  expect(card.renderRoot.querySelector('.where')).toBeNull()
})
