import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contrast, divergingColour, divergingRgb, inkOn, scaleOf } from './colours'
import type { Theme } from './theme'

type Rgb = [number, number, number]

const THEMES: Theme[] = ['light', 'dark']
const TEXTS = [
  'value',
  'gradient',
  'update',
  'error',
  'good',
  'ink',
  'muted',
  'code-keyword',
  'code-number',
  'code-string',
]
const SURFACES = ['panel', 'card', 'stage', 'room', 'hover', 'value-tint', 'gradient-tint', 'update-tint', 'error-tint']

function themeColours(theme: Theme): Record<string, Rgb> {
  const css = readFileSync(new URL('../app/theme.css', import.meta.url), 'utf8')
  const block = css.split(theme === 'light' ? ':root {' : ':root[data-theme="dark"] {')[1]?.split('}')[0] ?? ''
  const found = [...block.matchAll(/--([\w-]+):\s*#([0-9a-f]{6});/g)]
  return Object.fromEntries(found.map(([, name, hex]) => [name, hexToRgb(hex ?? '')]))
}

function hexToRgb(hex: string): Rgb {
  return [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as Rgb
}

describe.each(THEMES)('%s theme', (theme) => {
  const colours = themeColours(theme)
  const pairs = TEXTS.flatMap((text) => SURFACES.map((surface) => [text, surface] as const))

  test.each(pairs)('%s is readable on %s (AA)', (text, surface) => {
    const [ink, ground] = [colours[text], colours[surface]]
    if (!ink || !ground) throw new Error(`theme.css defines no colour ${text} or ${surface}`)
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5)
  })

  test('a number inside a heatmap cell is readable on every colour of the scale', () => {
    for (let x = -1; x <= 1; x += 0.01) {
      const ink: Rgb = inkOn(x, 1, theme) === '#000000' ? [0, 0, 0] : [255, 255, 255]
      expect(contrast(ink, divergingRgb(x, 1, theme))).toBeGreaterThanOrEqual(4.5)
    }
  })

  test('the scale is symmetric in strength, clamps, and tells signs and NaN apart', () => {
    expect(divergingRgb(-5, 1, theme)).toEqual(divergingRgb(-1, 1, theme))
    expect(divergingRgb(Infinity, 1, theme)).toEqual(divergingRgb(1, 1, theme))
    expect(divergingRgb(-Infinity, 0, theme)).toEqual(divergingRgb(-1, 1, theme))
    expect(divergingRgb(0, 1, theme)).toEqual(divergingRgb(3, 0, theme))
    const distinct = [-1, 0, 1, Number.NaN].map((x) => divergingColour(x, 1, theme))
    expect(new Set(distinct).size).toBe(4)
  })
})

test('the scale of a tensor is its largest finite magnitude', () => {
  expect(scaleOf([0.5, -2, Number.NaN, Infinity])).toBe(2)
  expect(scaleOf([])).toBe(0)
})
