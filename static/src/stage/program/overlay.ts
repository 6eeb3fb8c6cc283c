/** The layer over the graph during a step: tensors that travel along edges, and remarks beside them. */

import { type Selection, select } from 'd3-selection'
import type { Tensor } from '../../core/contract'
import { formatTensorLabel } from '../../core/numbers'
import { anomalyOf } from '../../walk/anomalies'
import type { Point, Rectangle } from '../geometry'
import { blockOf } from '../tensor-drawing'
import { around, freeSpot, inside, isFree, numbersOf, obstaclesOf, type Size, upAndDown } from './free-spots'
import type { View } from './graph-view'
import type { Layout } from './layout'
import type { Seen, SeenTravel } from './seen-frame'

type Canvas = Selection<SVGGElement, unknown, null, undefined>

interface Moment {
  view: View
  layout: Layout
  /** The part of the plane that can be seen. */
  window: Rectangle
  frame: Seen
  obstacles?: readonly Rectangle[]
}

const TRAVEL_HEIGHT = 26
const REMARK_HEIGHT = 26
const LINE_HEIGHT = 20
/** The distances to the left or right of its contribution at which a note may stand. */
const SIDEWAYS = [0, -48, 48]
/** The distances from the middle of its edge at which a contribution may come to rest: near, or aside where numbers crowd the edge. */
const REST = { near: 30, far: 128, sideways: [0, 16, -16, 32, -32, 48, -48] }
/** The part of a satellite's edge at which a contribution comes to rest: next to the leaf where it arrives. */
const BESIDE_LEAF = 0.3

/** Draw into two layers of `canvas`, which holds the paths of the edges. */
export function drawOverlay(travels: Canvas, remarks: Canvas, canvas: SVGGElement, moment: Moment): void {
  const back = moment.frame.travels.some((t) => t.direction === 'backward')
  const rests = back ? restsOf(canvas, moment) : new Map<string, Rectangle>()
  drawTravels(travels, canvas, moment, rests)
  drawRemarks(remarks, moment, rests)
}

/** Return how far a travelling tensor has come, from 0 to 1: it is slow at both ends. */
function eased(progress: number): number {
  return progress < 0.5 ? 2 * progress * progress : 1 - 2 * (1 - progress) * (1 - progress)
}

function pointOn(canvas: SVGGElement, edge: string, along: number): Point | null {
  const path = canvas.querySelector<SVGPathElement>(`#edge-${edge}`)
  if (path === null) return null
  const { x, y } = path.getPointAtLength(path.getTotalLength() * along)
  return { x, y }
}

function labelOf({ tensor, count, direction }: SeenTravel): string {
  if (count === 1) return formatTensorLabel(tensor)
  return `${count} ${direction === 'forward' ? 'tensors' : 'gradients'}`
}

function travelWidth(travel: SeenTravel): number {
  const label = labelOf(travel)
  // the sign × in a shape is wider than a digit
  return 20 + label.length * 9.6 + (label.split('×').length - 1) * 4
}

/** Return the class of a gradient that needs attention: one of nothing but zeros is hollow, one that is not finite has a broken rim. */
function travelOddity({ tensor, count }: SeenTravel): string {
  const { zero, notFinite } = anomalyOf(tensor)
  if (count > 1) return ''
  return notFinite.length > 0 ? 'spoiled' : zero ? 'dry' : ''
}

/** Return for each edge where its contribution comes to rest, clear of the numbers that it belongs to. */
function restsOf(canvas: SVGGElement, { view, layout, frame, obstacles: others = [] }: Moment): Map<string, Rectangle> {
  const numbers = numbersOf(layout, { ...frame, gradients: gradientsToCome(view, frame) })
  const obstacles = [...numbers, ...others, ...[...layout.cards.values()].map((card) => shrunk(card, 8))]
  const rests = new Map<string, Rectangle>()
  for (const travel of frame.travels) {
    const bracket = layout.brackets.has(travel.edge)
    const size = { width: travelWidth(travel), height: TRAVEL_HEIGHT }
    const middle = pointOn(canvas, travel.edge, bracket ? BESIDE_LEAF : 0.5)
    if (travel.direction === 'forward' || middle === null) continue
    // beside a tower there is space only on the left of the edge
    const wish = bracket ? { x: middle.x - size.width / 2 + 8, y: middle.y } : middle
    const wishes = [wish, ...upAndDown(wish, 6, REST.near), ...upAndDown(wish, 6, REST.far, REST.sideways)]
    const rest = around(freeSpot(size, wishes, obstacles), size)
    obstacles.push(rest)
    rests.set(travel.edge, rest)
  }
  return rests
}

/** Return the gradients together with those that this step brings, so that a place to rest does not change when they appear. */
function gradientsToCome(view: View, frame: Seen): Map<string, Tensor> {
  const gradients = new Map(frame.gradients)
  for (const { edge, tensor } of frame.travels) {
    const source = view.wires.find((w) => w.id === edge)?.source
    if (source !== undefined && !gradients.has(source)) gradients.set(source, tensor)
  }
  return gradients
}

function shrunk(box: Rectangle, by: number): Rectangle {
  return { ...box, x: box.x + by, width: box.width - 2 * by }
}

/** Return the place of a travelling tensor. Backwards it leaves its path a little, to come to rest where it can be read. */
function travelPoint(
  canvas: SVGGElement,
  travel: SeenTravel,
  progress: number,
  rest: Rectangle | undefined,
): Point | null {
  const way = eased(progress)
  if (rest === undefined) return pointOn(canvas, travel.edge, way)
  const on = pointOn(canvas, travel.edge, 1 - way / 2)
  const [x, y] = [rest.x + rest.width / 2, rest.y + rest.height / 2]
  return on && { x: on.x + (x - on.x) * way ** 3, y: on.y + (y - on.y) * way ** 3 }
}

function drawTravels(root: Canvas, canvas: SVGGElement, { frame }: Moment, rests: Map<string, Rectangle>): void {
  const moving = frame.travels.filter((t) => t.direction === 'backward' || frame.progress < 1)
  const joined = root.selectAll<SVGGElement, SeenTravel>('g.travel').data(moving, (t) => t.edge)
  joined.exit().remove()
  const entered = joined.enter().append('g')
  entered
    .append('rect')
    .attr('rx', TRAVEL_HEIGHT / 2)
    .attr('height', TRAVEL_HEIGHT)
    .attr('y', -TRAVEL_HEIGHT / 2)
  entered.append('text').attr('y', 6)
  const all = entered.merge(joined).attr('class', (t) => `travel ${t.direction} ${travelOddity(t)}`)
  all.each(function (t) {
    const width = travelWidth(t)
    const point = travelPoint(canvas, t, frame.progress, rests.get(t.edge))
    const one = select(this)
    one.attr('transform', `translate(${point?.x ?? 0},${point?.y ?? 0})`).attr('visibility', point ? null : 'hidden')
    one
      .select('rect')
      .attr('x', -width / 2)
      .attr('width', width)
    one.select('text').text(labelOf(t))
  })
}

interface Remark extends Rectangle {
  /** The kind of the remark, of which there is one at a time; a note has the id of its edge, an origin its kind of number. */
  id: string
  kind: 'note' | 'sum' | 'grown' | 'update' | 'origin'
  lines: readonly string[]
}

function sizeOf(lines: readonly string[]): Size {
  return {
    width: 18 + Math.max(...lines.map((l) => l.length)) * 9.5,
    height: REMARK_HEIGHT + (lines.length - 1) * LINE_HEIGHT,
  }
}

function remarksOf({ layout, window, frame, obstacles: others = [] }: Moment, rests: Map<string, Rectangle>): Remark[] {
  const remarks: Remark[] = []
  const obstacles = [...obstaclesOf(layout, frame), ...others, ...rests.values()]
  const put = (kind: Remark['kind'], text: string, wishes: (size: Size) => readonly Point[], id: string = kind) => {
    const [found] = [[text], text.split(/ (?== )/), text.split(/ (?=[=+] )/)]
      .map((lines) => {
        const size = sizeOf(lines)
        const spot = freeSpot(size, inside(wishes(size), size, window), obstacles)
        return { id, kind, lines, covered: spot.covered, ...around(spot, size) }
      })
      .sort((a, b) => a.covered - b.covered)
    // a remark without a free place is left out: the narration says the same
    if (found === undefined || !Number.isFinite(found.covered) || !isFree(found, obstacles)) return
    obstacles.push(found)
    remarks.push(found)
  }
  for (const { edge, text } of frame.notes) {
    const rest = rests.get(edge)
    if (rest === undefined) continue
    const middle = { x: rest.x + rest.width / 2, y: rest.y + rest.height / 2 }
    put('note', text, () => upAndDown(middle, 32, 160, SIDEWAYS), `note-${edge}`)
  }
  const atNodes = [
    ['sum', frame.sum],
    ['grown', frame.staleGradient],
    ['update', frame.update],
  ] as const
  for (const [kind, told] of atNodes) {
    const box = told ? layout.cards.get(told.node) : undefined
    if (!told || !box) continue
    put(kind, told.text, (size) => beside(box, heightBelow(frame, told.node), size))
  }
  for (const { node, what, where } of frame.origins) {
    const box = layout.cards.get(node)
    const text = where === 'gradient' ? `first ${what} gradient` : `first ${what} here`
    const below = heightBelow(frame, node)
    if (box)
      put(
        'origin',
        text,
        (size) => [over(box, heightAbove(frame, node), size), ...beside(box, below, size)],
        `origin-${what}`,
      )
  }
  return remarks
}

function heightBelow(frame: Seen, node: string): number {
  const gradient = frame.accumulated.get(node) ?? frame.gradients.get(node)
  return gradient ? blockOf(gradient.shape).height + 8 : 6
}

function heightAbove(frame: Seen, node: string): number {
  const value = frame.values.get(node)?.[0]
  return value ? blockOf(value.shape).height + 8 : 6
}

function over(box: Rectangle, above: number, { height }: Size): Point {
  return { x: box.x + box.width / 2, y: box.y - above - height / 2 - 2 }
}

/** Return places for a remark: below a card and its gradient, at its sides, or further away. */
function beside(box: Rectangle, below: number, { width, height }: Size): Point[] {
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const under = { x, y: box.y + box.height + below + height / 2 }
  const away = (box.width + width) / 2 + 14
  return [under, { x: x + away, y }, { x: x - away, y }, ...upAndDown(under, 8, 200)]
}

function drawRemarks(root: Canvas, moment: Moment, rests: Map<string, Rectangle>): void {
  const joined = root.selectAll<SVGGElement, Remark>('g.remark').data(remarksOf(moment, rests), (n) => n.id)
  joined.exit().remove()
  const entered = joined.enter().append('g')
  entered.append('rect').attr('rx', 11)
  entered.append('text')
  const all = entered.merge(joined).attr('class', (n) => `remark ${n.kind}`)
  all.each(function (n) {
    const one = select(this).attr('transform', `translate(${n.x},${n.y})`)
    one.select('rect').attr('width', n.width).attr('height', n.height)
    const lines = one.select('text').selectAll<SVGTSpanElement, string>('tspan').data(n.lines)
    lines.exit().remove()
    lines
      .enter()
      .append('tspan')
      .merge(lines)
      .attr('x', n.width / 2)
      .attr('y', (_, i) => 19 + i * LINE_HEIGHT)
      .text((line) => line)
  })
}
