// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import type { Lesson, LessonStop } from '../../core/contract'
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
  explanation: null,
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

const asked = { html: '<p>What comes back?</p>', choices: null, number: 14, tolerance: 0.1, reply: 'Doubled.' }
const ASKING: LessonStop = {
  ...stop('The way back'),
  questions: [asked],
  explanation: { html: '<p>So 14 travels back.</p>', iteration: null, step: null, node: null },
}
const QUESTIONING: Lesson = { ...LESSON, stops: [ASKING, stop('Where they meet')] }

async function atQuestion() {
  const page = await setUp(QUESTIONING)
  await vi.waitFor(() => expect(textOf(page)).toContain('Once upon a time'))
  page.actions.run('next-stop')
  await updated(page)
  return page
}

async function updated(page: ReturnType<typeof fakePage>) {
  await page.host.updateComplete
  await panelOf(page)?.updateComplete
}

const inPanel = <E extends Element>(page: ReturnType<typeof fakePage>, selector: string) =>
  panelOf(page)?.shadowRoot?.querySelector<E>(selector) ?? null

async function answer(page: ReturnType<typeof fakePage>, given: string) {
  const card = inPanel(page, 'gw-question')?.shadowRoot
  const field = card?.querySelector<HTMLInputElement>('input')
  if (!field) throw new Error('no question is asked')
  field.value = given
  field.dispatchEvent(new Event('input'))
  card?.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await updated(page)
}

test('what a question asks is folded until it is answered, and so is every later stop, except for its title', async () => {
  const page = await atQuestion()
  expect(textOf(page)).not.toContain('So 14 travels back.')
  expect(textOf(page)).not.toContain('A neuron.')
  const folded = [...(panelOf(page)?.shadowRoot?.querySelectorAll('[aria-expanded=false]') ?? [])]
  expect(folded.map((title) => title.textContent?.trim())).toEqual(['2Where they meet'])
  expect(inPanel(page, 'gw-question')?.shadowRoot?.querySelector('.on')).toBeNull()
})

test.each([
  ['a right answer', '14'],
  ['a wrong one', '3'],
])('%s unfolds the text, which is told, and the stops after it', async (_what, given) => {
  const page = await atQuestion()
  await answer(page, given)
  expect(inPanel(page, '.then[role=status]')?.textContent).toContain('So 14 travels back.')
  expect(textOf(page)).toContain('A neuron.')
  expect(inPanel(page, '[aria-expanded]')).toBeNull()
  expect(inPanel(page, '.showing')).toBeNull()
})

test('the text is shown to whoever asks for it, who is then at the way on', async () => {
  const page = await atQuestion()
  inPanel<HTMLButtonElement>(page, '.showing button')?.click()
  await updated(page)
  expect(textOf(page)).toContain('So 14 travels back.')
  await vi.waitFor(() => expect(panelOf(page)?.shadowRoot?.activeElement?.textContent).toContain('Go on'))
  inPanel<HTMLButtonElement>(page, '.then .on')?.click()
  expect(page.store.state.stop).toBe(2)
})

test('a right answer is kept: the text is unfolded when the lesson is opened again', async () => {
  await answer(await atQuestion(), '14')
  expect(textOf(await atQuestion())).toContain('So 14 travels back.')
})

test('whoever goes on without an answer reads the next stop, and no more', async () => {
  const page = await atQuestion()
  page.actions.run('next-stop')
  await updated(page)
  expect(currentOf(page)?.textContent).toContain('Where they meet')
  expect(inPanel(page, '[aria-expanded]')).toBeNull()
  expect(textOf(page)).not.toContain('So 14 travels back.')
  expect(textOf(page)).not.toContain('A neuron.')
})
