// @vitest-environment happy-dom
import { html, LitElement } from 'lit'
import { expect, test } from 'vitest'
import { Emitter } from '../core/emitter'
import { follow } from './follow'

const frames = new Emitter(0)

class Following extends LitElement {
  static override properties = { shown: {} }
  declare shown: boolean
  rendered = 0

  override render() {
    this.rendered += 1
    return this.shown ? html`<p .title=${follow(frames, (x) => `frame ${x}`)}>${follow(frames)}</p>` : html`<b></b>`
  }
}
customElements.define('test-following', Following)

async function setUp() {
  const element = document.createElement('test-following') as Following
  element.shown = true
  document.body.replaceChildren(element)
  await element.updateComplete
  return { element, p: element.shadowRoot?.querySelector('p') as HTMLElement }
}

test('values come without a rendering of the element', async () => {
  const { element, p } = await setUp()
  for (let x = 1; x <= 60; x += 1) frames.emit(x)
  await element.updateComplete
  expect([p.title, p.textContent, element.rendered]).toEqual(['frame 60', '60', 1])
})

test('what is about to be rendered takes the value then, if it is still there', async () => {
  const { element, p } = await setUp()
  const before = p.title
  element.shown = false
  frames.emit(99)
  expect(p.title).toBe(before)
  await element.updateComplete
  frames.emit(100)
  expect(p.title).toBe(before)
  element.shown = true
  await element.updateComplete
  expect(element.shadowRoot?.querySelector('p')?.title).toBe('frame 100')
})
