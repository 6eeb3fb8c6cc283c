/** The drawing of decorations: breakpoints, findings, frames and badges at the cards, and edges that only one run has. */

import type { Selection } from 'd3-selection'
import { formOf } from '../../core/severity'
import type { Rectangle } from '../geometry'
import { BADGE, type PlacedBadge } from './badge-layout'
import { type CardMarks, describe, type Marks } from './card-marks'
import type { Wire } from './graph-view'

/** The octagon of a breakpoint, in the left upper corner of a card. */
const OCTAGON = 'M7,4h5l3.5,3.5v5L12,16H7L3.5,12.5v-5Z'

/** Draw the marks of a card into its group. */
export function drawCardMarks<T>(
  card: Selection<SVGGElement, T, null, undefined>,
  marks: CardMarks,
  box: Rectangle,
): void {
  const element = card.node() as SVGGElement
  setAttribute(element, 'data-predict', marks.question)
  setAttribute(element, 'data-difference', marks.presence?.kind ?? null)
  setAttribute(element, 'aria-description', describe(marks) || null)
  const stops = card.selectAll('path.stop').data(marks.isBreakpoint ? [OCTAGON] : [])
  stops.exit().remove()
  stops.enter().insert('path', 'title').attr('class', 'stop').attr('d', OCTAGON)
  const findings = card
    .selectAll<SVGGElement, string>('g.finding')
    .data(marks.severity === null ? [] : [marks.severity])
  findings.exit().remove()
  const entered = findings.enter().insert('g', 'title')
  entered.append('path').attr('class', 'outline')
  entered.append('path').attr('class', 'inner')
  const all = entered.merge(findings)
  all
    .attr('class', (severity) => `finding ${severity}`)
    .attr('transform', `translate(${box.width - 15},-10) scale(1.15)`)
  all.select('.outline').attr('d', (severity) => formOf(severity).outline)
  all.select('.inner').attr('d', (severity) => formOf(severity).sign)
}

/** Mark a path with the presence of its edges. */
export function drawWireMarks(path: SVGPathElement, wire: Wire, { wires }: Marks): void {
  setAttribute(path, 'data-difference', wires.get(wire.id) ?? null)
}

/** Draw all badges into a layer of their own. The names of the cards say the same to a screen reader. */
export function drawBadges(
  layer: Selection<SVGGElement, unknown, null, undefined>,
  badges: readonly PlacedBadge[],
): void {
  const joined = layer
    .attr('aria-hidden', 'true')
    .selectAll<SVGGElement, PlacedBadge>('g.badge')
    .data(badges, (one) => `${one.kind} ${one.card}`)
  joined.exit().remove()
  const entered = joined.enter().append('g')
  entered.append('rect').attr('rx', 5).attr('height', BADGE.height)
  entered.append('text').attr('y', BADGE.height - 5.5)
  const all = entered.merge(joined)
  all.attr('class', (one) => `badge ${one.kind} ${one.isQuiet ? 'quiet' : ''}`)
  all.attr('transform', ({ place }) => `translate(${place.x},${place.y})`)
  all.select('rect').attr('width', ({ place }) => place.width)
  all
    .select('text')
    .attr('x', ({ place }) => place.width / 2)
    .text(({ text }) => text)
}

function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name)
  else element.setAttribute(name, value)
}
