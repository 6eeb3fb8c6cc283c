// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { sanitise } from './sanitise'

function cleaned(html: string): string {
  const host = document.createElement('div')
  host.append(sanitise(html))
  return host.innerHTML
}

test('a text keeps its shape', () => {
  const text =
    '<h2>Chain rule</h2><p>Press <kbd>→</kbd> and <em>watch</em> <code>w.grad</code>.</p><ul><li>one</li></ul>'
  expect(cleaned(text)).toBe(text)
})

test.each([
  ['<script>alert(1)</script>', ''],
  ['<p onclick="alert(1)">x</p>', '<p>x</p>'],
  ['<img src=x onerror=alert(1)>', ''],
  ['<object data="x"><p>kept</p></object>', '<p>kept</p>'],
  ['<p style="color:red" class="x">x</p>', '<p>x</p>'],
  ['<style>*{display:none}</style>', ''],
  ['<div><b>kept</b></div>', 'kept'],
  ['<svg><script>alert(1)</script></svg>', ''],
  ['<a href="javascript:alert(1)">x</a>', '<a>x</a>'],
  ['<a href="//evil.example">x</a>', '<a>x</a>'],
  ['<a href="/lessons/fan-out">x</a>', '<a href="/lessons/fan-out">x</a>'],
  ['<a href="https://pytorch.org" target="_blank">x</a>', '<a href="https://pytorch.org">x</a>'],
])('%s becomes %s', (html, expected) => expect(cleaned(html)).toBe(expected))
