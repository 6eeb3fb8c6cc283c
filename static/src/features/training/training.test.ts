// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import { fakePage, head } from '../../page/testing'
import { training } from '.'
import type { TrainingDrawer } from './training-drawer'

beforeEach(() => localStorage.clear())

const drawerOf = (page: ReturnType<typeof fakePage>) =>
  page.host.renderRoot.querySelector<TrainingDrawer>('gw-training-drawer')

test('the drawer is there for a run of several iterations, and its key opens and closes it', async () => {
  const page = fakePage({ features: [training], state: { head: head('loop', [3, 3]) } })
  await page.host.updateComplete
  expect(drawerOf(page)?.hidden).toBe(true)
  page.actions.run('training')
  await page.host.updateComplete
  expect(drawerOf(page)?.hidden).toBe(false)
  expect(page.store.state.training).toBe(true)
  page.actions.run('training')
  await page.host.updateComplete
  expect(drawerOf(page)?.hidden).toBe(true)
})

test('a run of one iteration has no drawer, and the action does nothing', async () => {
  const page = fakePage({ features: [training], state: { head: head('once', [3]) } })
  page.actions.run('training')
  await page.host.updateComplete
  expect(drawerOf(page)).toBeNull()
  expect(page.panels.sizes.training).toBe(0)
})

test('an event of the training leads to its iteration', async () => {
  const page = fakePage({ features: [training], state: { head: head('loop', [3, 3]) } })
  const show = vi.spyOn(page.session, 'showIteration').mockResolvedValue()
  await page.host.updateComplete
  const detail = { iteration: 1, node: null, where: 'value' }
  drawerOf(page)?.dispatchEvent(new CustomEvent('gw-visit', { detail }))
  expect(show).toHaveBeenCalledWith(1)
})
