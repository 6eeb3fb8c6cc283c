/** The legend: it says what the colours and the forms on the stage mean. Unusual marks are explained only while they can be seen. */

import { html, nothing, svg } from 'lit'
import { divergingColour } from '../core/colours'
import type { Tensor } from '../core/contract'
import type { Theme } from '../core/theme'
import { anomalyOf } from '../walk/anomalies'
import type { Frame } from '../walk/model'
import { glyphOf, type SpecialNumber, specialNumberOf } from './special-numbers'
import { blockOf } from './tensor-drawing'

export type Mark = SpecialNumber | 'without' | 'dry' | 'spoiled' | 'scale'

const ORDER: readonly Mark[] = ['scale', 'zero', 'dry', 'nan', 'plus', 'minus', 'spoiled', 'without']

/** Return the marks that are on show in a frame, in the order of the legend. A value of zero that stands alone has no mark. */
export function marksIn({
  values,
  gradients,
  accumulated,
  flow,
  without,
}: Pick<Frame, 'values' | 'gradients' | 'accumulated' | 'flow' | 'without'>): Mark[] {
  const found = new Set<Mark>()
  for (const [first] of values.values()) add(found, first, false)
  for (const tensor of gradients.values()) add(found, tensor, true)
  for (const tensor of accumulated.values()) add(found, tensor, true)
  if (flow.zeroEdges.size > 0) found.add('dry')
  if (flow.nonFiniteEdges.size > 0) found.add('spoiled')
  if (without.size > 0) found.add('without')
  return ORDER.filter((mark) => found.has(mark))
}

const known = new WeakMap<Tensor, ReadonlySet<SpecialNumber>>()

function add(found: Set<Mark>, tensor: Tensor | undefined, alone: boolean): void {
  if (tensor === undefined) return
  if (tensor.data !== null && blockOf(tensor.shape).look !== 'number') found.add('scale')
  for (const odd of specialNumbersOf(tensor)) if (odd !== 'zero' || alone || tensor.data?.length !== 1) found.add(odd)
}

function specialNumbersOf(tensor: Tensor): ReadonlySet<SpecialNumber> {
  const before = known.get(tensor)
  if (before !== undefined) return before
  const odds = new Set<SpecialNumber>()
  for (const x of tensor.data ?? []) {
    const odd = specialNumberOf(x)
    if (odd !== null) odds.add(odd)
  }
  if (tensor.data === null && anomalyOf(tensor).notFinite.includes('NaN')) odds.add('nan')
  known.set(tensor, odds)
  return odds
}

/** Return the legend. It is one line, for the graph stands below it: marks that belong together share a word. */
export function legend(marks: readonly Mark[], theme: Theme) {
  const has = (mark: Mark) => marks.includes(mark)
  const kinds = (['nan', 'plus', 'minus'] as const).filter(has)
  return html`<div class="legend ${marks.length > 0 ? 'tight' : ''}" aria-hidden="true">
    <span><i class="value"></i>value</span><span><i class="gradient"></i>gradient ∂L/∂·</span
    ><span><i class="learns"></i>learns</span>${has('scale') ? scale(theme) : nothing}${
      has('zero') || has('dry')
        ? html`<span class="mark zero">${has('zero') ? cell('zero') : nothing}${has('dry') ? way('dry') : nothing}exactly 0</span>`
        : nothing
    }${
      kinds.length > 0 || has('spoiled')
        ? html`<span class="mark odd">${kinds.map((kind) => html`${cell(kind)}${WORDS[kind]} `)}${has('spoiled') ? way('spoiled') : nothing}</span>`
        : nothing
    }${has('without') ? html`<span class="mark without"><em>None</em>: no gradient</span>` : nothing}
  </div>`
}

/** The number of colours in the scale. */
const STEPS = 13

/** Return the scale of colours. Every tensor has its own: from minus to plus the largest magnitude in it. */
function scale(theme: Theme) {
  const colours = Array.from({ length: STEPS }, (_, i) => divergingColour((2 * i) / (STEPS - 1) - 1, 1, theme))
  return html`<span class="mark scale">−max<svg viewBox="0 0 ${STEPS} 3" preserveAspectRatio="none"
    >${colours.map((colour, i) => svg`<rect x=${i} y="0" width="1.05" height="3" fill=${colour}></rect>`)}</svg>max</span>`
}

const WORDS = { nan: 'NaN', plus: '+∞', minus: '−∞' } as const

function way(mark: 'dry' | 'spoiled') {
  return html`<svg class="way" viewBox="0 0 28 14">${svg`<path class="edge ${mark}" d="M0,7H28"></path>`}</svg>`
}

function cell(odd: SpecialNumber) {
  const glyph = svg`<path class="glyph ${odd}" d=${glyphOf(odd, 7, 7, 14)}></path>`
  const ground = odd === 'zero' ? 'back' : `cell ${odd}`
  return html`<svg viewBox="0 0 14 14">${svg`<rect class=${ground} x="0.5" y="0.5" width="13" height="13"></rect>`}${glyph}</svg>`
}

/** The keys of the graph: they take the place of the legend while the arrow keys walk along the edges. */
export const walkingKeys = html`<div class="legend walking" role="status"><span>→ ← along the edges</span><span>↑ ↓ beside</span
  ><span>Enter selects or opens</span><span>Esc: arrows step again</span></div>`
