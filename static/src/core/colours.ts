/** The diverging scale of every heatmap: blue below zero, vermilion above, the page's own colour at zero. Pure. */

import type { Theme } from './theme'

type Rgb = readonly [number, number, number]

const SCALES: Record<Theme, { negative: Rgb; zero: Rgb; positive: Rgb; notFinite: Rgb }> = {
  light: { negative: [0, 84, 140], zero: [247, 247, 245], positive: [193, 78, 0], notFinite: [210, 0, 120] },
  dark: { negative: [96, 184, 240], zero: [38, 42, 48], positive: [255, 150, 82], notFinite: [255, 80, 170] },
}

/** The colour of `x` as [r, g, b], 0–255, on a scale from −`scale` to +`scale`. Not-a-number stands out in magenta. */
export function divergingRgb(x: number, scale: number, theme: Theme): Rgb {
  const { negative, zero, positive, notFinite } = SCALES[theme]
  if (Number.isNaN(x)) return notFinite
  const share = strength(Math.abs(x), scale)
  // The square root lifts small numbers off zero: next to one large gradient the others must still show.
  return mix(zero, x < 0 ? negative : positive, Math.sqrt(share))
}

/** Return the colour as CSS. */
export function divergingColour(x: number, scale: number, theme: Theme): string {
  return `rgb(${divergingRgb(x, scale, theme).join(' ')})`
}

/** Black or white, whichever reads better on the colour of `x`. */
export function inkOn(x: number, scale: number, theme: Theme): string {
  return luminance(divergingRgb(x, scale, theme)) > 0.179 ? '#000000' : '#ffffff'
}

/** The largest finite magnitude among `numbers`: the scale that one tensor's heatmap shares. 0 when all are zero. */
export function scaleOf(numbers: Iterable<number>): number {
  let largest = 0
  for (const x of numbers) if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x))
  return largest
}

/** WCAG 2 relative luminance, 0–1. */
export function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const c = channel / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2 contrast ratio, 1–21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** 0–1. What is infinite is as strong as can be, also where nothing finite gives a scale. */
function strength(magnitude: number, scale: number): number {
  if (magnitude === Number.POSITIVE_INFINITY) return 1
  return scale > 0 ? Math.min(1, magnitude / scale) : 0
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share)
  return [channel(0), channel(1), channel(2)]
}
