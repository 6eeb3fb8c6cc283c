import { describe, expect, it } from 'vitest'
import { parseVisibly, visible } from './visible-text'

describe('visible', () => {
  it.each([
    ['\u001b[31mred', '␛[31mred'],
    ['a\u0000b\u007f', 'a␀b␡'],
    ['\u202egnp.exe', '⟨U+202E⟩gnp.exe'],
    ['zero\u200bwidth\ufeff', 'zero⟨U+200B⟩width⟨U+FEFF⟩'],
    ['two\nlines\tand\r\n', 'two\nlines\tand\r\n'],
    ['ﬁ ∂L/∂z 文 🙂 👩‍🔬 עברית', 'ﬁ ∂L/∂z 文 🙂 👩‍🔬 עברית'],
    ['tag\u{e0041}', 'tag⟨U+E0041⟩'],
  ])('%j', (text, expected) => {
    expect(visible(text)).toBe(expected)
  })
})

describe('parseVisibly', () => {
  it('reaches every text and every name, at any depth', () => {
    const document = { console: [{ text: '\u001bx' }], arguments: { 'a\u202eb': [['\b'], 1, null, true] } }
    expect(parseVisibly(JSON.stringify(document))).toEqual({
      console: [{ text: '␛x' }],
      arguments: { 'a⟨U+202E⟩b': [['␈'], 1, null, true] },
    })
  })

  it('leaves the program as it is: it is run again', () => {
    const program = { source: 'print("\u001b\u202e")', seed: 0 }
    expect(parseVisibly(JSON.stringify({ program, name: '\u001b' }))).toEqual({ program, name: '␛' })
  })

  it('cannot be led to the prototype', () => {
    const parsed = parseVisibly('{"__proto__": {"polluted": "\\u001b"}, "x": 1}') as Record<string, unknown>
    expect('polluted' in {}).toBe(false)
    expect('polluted' in parsed).toBe(false)
  })

  it('refuses what JSON.parse refuses', () => {
    expect(() => parseVisibly('{')).toThrow(SyntaxError)
  })
})
