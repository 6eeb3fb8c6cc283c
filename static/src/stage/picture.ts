/**
 * A drawing of the stage as an svg document of its own: every look is written out, so that any program shows it as the page does,
 * without the page's styles.
 */

import type { Theme } from '../core/theme'

const SVG = 'http://www.w3.org/2000/svg'
/** The margin around the drawing. */
const MARGIN = 18
/** Fonts that every machine knows: the page's own font may be missing elsewhere. */
const FONTS = 'Helvetica, Arial, "DejaVu Sans", sans-serif'

/** The properties of a shape that are written out, each with the value that need not be written. */
const SHAPE = {
  fill: '#000000',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  opacity: '1',
} as const
const TEXT = {
  fill: '#000000',
  opacity: '1',
  'font-size': '',
  'font-weight': '400',
  'text-anchor': 'start',
  'text-decoration-line': 'none',
} as const
const LOOKS: Readonly<Record<string, Record<string, string>>> = { text: TEXT, tspan: TEXT, g: { opacity: '1' } }
const KEPT = /^(x|y|rx|ry|cx|cy|r|width|height|d|transform|points|x1|x2|y1|y2|dx|dy)$/

/** The words that a picture has for those who do not see it. */
export interface PictureWords {
  title: string
  description: string
}

/**
 * Return what `draw` draws, as an svg document. It is drawn for a moment into the stage's own `svg`, whose styles it takes on, in the
 * colours of `theme`.
 */
export function pictureOf(
  svg: SVGSVGElement,
  theme: Theme,
  { title, description }: PictureWords,
  draw: (canvas: SVGGElement) => void,
): string {
  const drawing = document.createElementNS(SVG, 'g')
  for (const [name, value] of coloursOf(theme)) drawing.style.setProperty(name, value)
  svg.append(drawing)
  try {
    draw(drawing)
    const box = drawing.getBBox()
    const [x, y, width, height] = [
      Math.floor(box.x) - MARGIN,
      Math.floor(box.y) - MARGIN,
      Math.ceil(box.width) + 2 * MARGIN,
      Math.ceil(box.height) + 2 * MARGIN,
    ]
    const root = element('svg', {
      viewBox: `${x} ${y} ${width} ${height}`,
      width,
      height,
      role: 'img',
      'font-family': FONTS,
    })
    const back = getComputedStyle(drawing).getPropertyValue('--stage').trim()
    root.append(element('title', {}, title), element('desc', {}, description))
    root.append(element('rect', { x, y, width, height, fill: back }), written(drawing))
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`
  } finally {
    drawing.remove()
  }
}

/** Return the colours of a theme from the page's style sheet, whichever theme the page shows now. */
function coloursOf(theme: Theme): [string, string][] {
  const found = new Map<string, string>()
  const wanted = theme === 'dark' ? [':root', ':root[data-theme="dark"]'] : [':root']
  for (const rule of [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])) {
    if (!(rule instanceof CSSStyleRule) || !wanted.includes(rule.selectorText.replaceAll("'", '"'))) continue
    for (const name of Array.from(rule.style))
      if (name.startsWith('--')) found.set(name, rule.style.getPropertyValue(name))
  }
  return [...found]
}

/** Return a copy of an element that has its look in attributes, and nothing that only the page understands. */
function written(live: Element): Element {
  const copy = document.createElementNS(SVG, live.localName)
  for (const { name, value } of live.attributes) if (KEPT.test(name)) copy.setAttribute(name, value)
  const style = getComputedStyle(live)
  const around = live.localName === 'tspan' && live.parentElement ? getComputedStyle(live.parentElement) : null
  if (live.localName !== 'title') {
    for (const [name, usual] of Object.entries(LOOKS[live.localName] ?? SHAPE)) {
      // a document without a browser knows the style sheets, and neither attributes nor initial values
      const own = style.getPropertyValue(name) || live.getAttribute(name)
      if (own === null) continue
      const value = hexOf(own)
      if (value !== (around === null ? usual : hexOf(around.getPropertyValue(name))))
        copy.setAttribute(name === 'text-decoration-line' ? 'text-decoration' : name, value)
    }
  }
  for (const child of live.childNodes) {
    if (child instanceof Element) {
      if (isSeen(child)) copy.append(written(child))
    } else copy.append(child.textContent ?? '')
  }
  return copy
}

function isSeen(live: Element): boolean {
  const { visibility, display, fill, stroke } = getComputedStyle(live)
  const empty = live.localName === 'rect' && isClear(fill) && isClear(stroke)
  return visibility !== 'hidden' && display !== 'none' && !empty
}

function isClear(paint: string): boolean {
  return paint === 'none' || paint === 'rgba(0, 0, 0, 0)'
}

/** Return a colour in hexadecimal digits, the only form that older programs understand. */
function hexOf(value: string): string {
  if (isClear(value)) return 'none'
  const rgb = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(value)
  if (rgb === null) return value
  return `#${rgb
    .slice(1)
    .map((channel) => Number(channel).toString(16).padStart(2, '0'))
    .join('')}`
}

function element(name: string, attributes: Record<string, string | number>, text = ''): Element {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  made.textContent = text
  return made
}
