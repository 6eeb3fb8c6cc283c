// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import type { GlossaryWord } from '../../core/contract'
import { fakePage } from '../../page/testing'
import { glossary } from '.'
import type { GlossaryDialog } from './glossary-dialog'
import { matching } from './glossary-search'
import type { WordInText } from './glossary-word'

const word = (id: string, definition: string, ...forms: string[]): GlossaryWord => ({
  id,
  name: id,
  forms,
  definition,
  lesson: 'neuron',
  lesson_title: 'One neuron',
  stop: 3,
  stop_title: 'The loss',
  related: ['loss'],
})
const WORDS = [word('gradient', 'The slope: `w.grad`.', 'gradients'), word('loss', 'How wrong, by its gradient.')]

beforeEach(() => localStorage.clear())

const pageWith = (answer: () => Promise<GlossaryWord[]>) =>
  fakePage({ features: [glossary], client: { glossary: vi.fn(answer) } })

test.each([
  ['', ['gradient', 'loss']],
  ['GRAD', ['gradient', 'loss']],
  ['wrong', ['loss']],
  ['nothing', []],
])('typing %j finds %j', (typed, found) => expect(matching(WORDS, typed).map(({ id }) => id)).toEqual(found))

test('the key opens all words; a word goes to its entry', async () => {
  const page = pageWith(async () => WORDS)
  page.actions.run('glossary')
  await vi.waitFor(() =>
    expect(page.host.renderRoot.querySelector('gw-glossary')?.shadowRoot?.textContent).toContain('2 words'),
  )
  const dialog = page.host.renderRoot.querySelector<GlossaryDialog>('gw-glossary')
  await vi.waitFor(() => expect(dialog?.shadowRoot?.querySelectorAll('dt')).toHaveLength(2))
  expect(dialog?.shadowRoot?.querySelector('code')?.textContent).toBe('w.grad')
  expect(page.words?.words).toBe(WORDS)
})

test('a glossary that cannot be loaded is told, and tried again', async () => {
  const answer = vi.fn(async (): Promise<GlossaryWord[]> => {
    throw new Error('away')
  })
  const page = pageWith(answer)
  page.actions.run('glossary')
  await vi.waitFor(() => expect(page.store.state.notice?.text).toContain('could not be loaded'))
  answer.mockResolvedValue(WORDS)
  page.actions.run('glossary')
  await vi.waitFor(() => expect(page.words?.words).toBe(WORDS))
})

test('a word shows its definition while it is pressed, and Escape closes it', async () => {
  await import('./glossary-word')
  const shown = document.createElement('gw-word') as WordInText
  Object.assign(shown, { word: WORDS[0], textContent: 'gradients' })
  document.body.replaceChildren(shown)
  await shown.updateComplete
  const button = shown.shadowRoot?.querySelector<HTMLElement>('.word')
  expect(button?.getAttribute('aria-expanded')).toBe('false')
  button?.click()
  await shown.updateComplete
  const card = shown.shadowRoot?.querySelector('[role=dialog]')
  expect(card?.textContent?.replace(/\s+/g, ' ')).toContain('gradient: The slope: w.grad.')
  expect(button?.getAttribute('aria-describedby')).toBe(card?.querySelector('p')?.id)
  const asked = vi.fn()
  shown.addEventListener('gw-lesson', (event) => asked((event as CustomEvent).detail))
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
  await shown.updateComplete
  expect(shown.shadowRoot?.querySelector('[role=dialog]')).toBeNull()
  button?.click()
  await shown.updateComplete
  shown.shadowRoot?.querySelector('a')?.click()
  expect(asked).toHaveBeenCalledWith({ slug: 'neuron', stop: 3 })
  expect(shown.textContent).toBe('gradients')
})
