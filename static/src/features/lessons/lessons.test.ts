// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import type { Lesson } from '../../core/contract'
import { fakePage } from '../../page/testing'
import { lessons } from '.'
import type { LessonPanel } from './lesson-panel'

beforeEach(() => localStorage.clear())

const stop = (title: string) => ({
  title,
  html: `<p>${title}</p>`,
  iteration: null,
  step: null,
  node: null,
  questions: [],
})
const LESSON: Lesson = {
  slug: 'neuron',
  title: 'One neuron',
  summary: 'A neuron.',
  text: '',
  html: '',
  opening: '<p>Once upon a time</p>',
  source: 'x = 1',
  snapshot: null,
  stops: [stop('The sum'), stop('The gradient')],
}
const summary = { slug: 'neuron', title: 'One neuron', summary: 'A neuron.', part: '' }

async function setUp(lesson: Lesson | null = LESSON) {
  const page = fakePage({ features: [lessons], state: { lesson, lessons: [summary] } as never })
  page.panels.panel = 'lesson'
  await page.host.updateComplete
  return page
}

const panelOf = (page: ReturnType<typeof fakePage>) => page.host.renderRoot.querySelector<LessonPanel>('gw-lesson')
const textOf = (page: ReturnType<typeof fakePage>) => panelOf(page)?.shadowRoot?.textContent ?? ''
const currentOf = (page: ReturnType<typeof fakePage>) => panelOf(page)?.shadowRoot?.querySelector('[aria-current]')

test('the panel shows the text of the lesson, once its script has come', async () => {
  const page = await setUp()
  await vi.waitFor(() => expect(textOf(page)).toContain('Once upon a time'))
  expect(textOf(page)).toContain('The gradient')
  expect(currentOf(page)?.textContent).toContain('One neuron')
})

test('J and K walk from stop to stop, and no further than the end', async () => {
  const page = await setUp()
  await vi.waitFor(() => expect(textOf(page)).toContain('Once upon a time'))
  page.actions.run('next-stop')
  await page.host.updateComplete
  await panelOf(page)?.updateComplete
  expect(page.store.state.stop).toBe(1)
  expect(currentOf(page)?.textContent).toContain('The sum')
  for (let i = 0; i < 5; i++) page.actions.run('next-stop')
  expect(page.store.state.stop).toBe(3)
  page.actions.run('previous-stop')
  expect(page.store.state.stop).toBe(2)
})

test('without a lesson the keys say what they are for', async () => {
  const page = await setUp(null)
  expect(page.slots.tabs.map(({ id }) => id)).not.toContain('lesson')
  page.actions.run('next-stop')
  expect(page.store.state.notice?.text).toContain('choose one from the list of lessons')
})

test('the menu of the header opens the lesson that is chosen', async () => {
  const page = await setUp()
  const open = vi.spyOn(page.session, 'open').mockResolvedValue()
  const menu = page.host.renderRoot.querySelector('gw-lesson-menu')
  expect(menu?.shadowRoot?.querySelector('button')?.textContent).toContain('One neuron')
  menu?.dispatchEvent(new CustomEvent('gw-lesson', { detail: { slug: 'other' }, bubbles: true, composed: true }))
  expect(open).toHaveBeenCalledWith(expect.objectContaining({ lesson: 'other', stop: null }))
})
