// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import type { GlossaryWord } from '../core/contract'
import { WordFinder } from '../core/word-finder'
import { markableText, markWords } from './word-marks'

const GRADIENT = { id: 'gradient', name: 'gradient', forms: ['gradients'] } as unknown as GlossaryWord
const FINDER = new WordFinder([GRADIENT])

function marked(markup: string): { html: string; text: string } {
  const root = document.createElement('div')
  root.innerHTML = markup
  const before = root.textContent
  markWords(root, FINDER, () => true)
  expect(root.textContent).toBe(before)
  return { html: root.innerHTML, text: markableText(root) }
}

test('the first use in a text is marked, and the text stays what it is', () => {
  const { html } = marked('<p>A <em>gradient</em> of many gradients.</p><p>The gradient.</p>')
  expect(html).toBe(
    '<p>A <em><gw-word name="gradient">gradient</gw-word></em> of many gradients.</p><p>The gradient.</p>',
  )
})

test('code, links and headings are left alone', () => {
  const markup = '<h3>Gradient</h3><p><code>gradient</code> <a href="/x">gradient</a></p>'
  expect(marked(markup).html).toBe(markup)
  expect(marked(markup).text.trim()).toBe('')
})
