// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import { fakePage } from '../../page/testing'
import { builder } from '.'

beforeEach(() => localStorage.clear())

const dialogOf = (page: ReturnType<typeof fakePage>) => page.host.renderRoot.querySelector('gw-builder')

test('the dialog is there once it was asked for', async () => {
  const page = fakePage({ features: [builder] })
  await page.host.updateComplete
  expect(dialogOf(page)).toBeNull()
  page.actions.run('build')
  await vi.waitFor(() => expect(dialogOf(page)?.shadowRoot?.querySelector('dialog')?.open).toBe(true))
})

test('its program comes into the editor, and is run where that was asked for', async () => {
  const show = vi.fn()
  const page = fakePage({ features: [builder], editor: { show }, state: { source: 'x = 1' } })
  const run = vi.spyOn(page, 'run').mockResolvedValue()
  await page.openDialog('builder')
  const built = (detail: object) => dialogOf(page)?.dispatchEvent(new CustomEvent('gw-built', { detail }))
  built({ source: 'import torch', run: false })
  expect(page.store.state.source).toBe('import torch')
  expect(show).toHaveBeenCalledWith(1)
  expect(run).not.toHaveBeenCalled()
  built({ source: 'import torch', run: true })
  expect(run).toHaveBeenCalledOnce()
})

test('the key M asks for it', () => {
  const page = fakePage({ features: [builder] })
  const press = { key: 'm', ctrlKey: false, shiftKey: false, metaKey: false, altKey: false }
  expect(page.actions.forKey(press)?.id).toBe('build')
})
