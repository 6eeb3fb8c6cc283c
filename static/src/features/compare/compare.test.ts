// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import { fakePage, headOf } from '../../page/testing'
import { NOWHERE } from '../../page/url'
import { compare } from '.'
import { type Name, recorded } from './testing'

const PROGRAMS: Record<string, Name> = { one: 'base', other: 'layer' }

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

const programOf = (id: string) => recorded(PROGRAMS[id] as Name)

function setUp() {
  const client = {
    snapshot: vi.fn(async (id: string) => {
      const { graph, iteration, source } = programOf(id)
      return headOf(id, graph, iteration, source)
    }),
    iteration: vi.fn(async (id: string) => programOf(id).iteration),
  }
  const page = fakePage({ features: [compare], client: client as never })
  const find = (selector: string) => page.host.renderRoot.querySelector(selector)
  return { page, client, find }
}

test('C opens the dialog, or says that there is nothing to compare', async () => {
  const { page, find } = setUp()
  page.actions.run('compare')
  expect(page.store.state.notice?.text).toContain('There is nothing to compare yet')
  await page.session.open({ ...NOWHERE, snapshot: 'one' })
  page.actions.run('compare')
  await vi.waitFor(() => expect(find('gw-compare-dialog')?.shadowRoot?.querySelector('dialog')?.open).toBe(true))
})

test('two runs stand in the place of the stage, with a tab of their differences, until the comparison ends', async () => {
  const { page, find } = setUp()
  await page.session.open({ ...NOWHERE, snapshot: 'one', compare: 'other' })
  await page.host.updateComplete
  expect(find('gw-compare')).toMatchObject({ comparedRun: { id: 'other' } })
  expect(page.panels.panel).toBe('differences')
  expect(page.slots.tabs.map(({ id }) => id)).toEqual(['differences'])
  await vi.waitFor(() => expect(find('gw-differences')?.shadowRoot?.textContent).toContain('Differences'))
  expect(page.loneSteps.size).toBeGreaterThan(0)
  page.escape()
  await vi.waitFor(() => expect(find('gw-compare')).toBeNull())
  expect(page.store.state.pair).toBeNull()
  expect(page.panels.panel).toBe('inspector')
  expect(page.loneSteps.size).toBe(0)
})

test('the two runs change places', async () => {
  const { page, find } = setUp()
  await page.session.open({ ...NOWHERE, snapshot: 'one', compare: 'other' })
  await page.host.updateComplete
  const detail = { first: 'other', other: 'one' }
  find('gw-compare')?.dispatchEvent(new CustomEvent('gw-swap', { detail, bubbles: true, composed: true }))
  await vi.waitFor(() => expect(page.store.state.pair).toMatchObject({ id: 'one', first: { id: 'other' } }))
})
