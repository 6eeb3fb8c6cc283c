/** The drawing of folds: open ones as rooms with a title, closed ones as cards. A part of the D3 joins in render.ts. */

import { type Selection, select } from 'd3-selection'
import type { Rectangle } from '../geometry'
import { spokenNumbers } from './accessible-names'
import { factsOf, LONGEST_NAME, outputOf, shorten, whereaboutsIn } from './card-facts'
import { spokenMarks, UNMARKED } from './card-marks'
import { drawCardMarks } from './decoration-marks'
import type { Fold } from './folds'
import type { Card } from './graph-view'
import { at, type Canvas, drawNumbers, gradientOf, type Handlers, pressable, type Scene, silent } from './scene'

const LINE = 20
/** The average width of a letter of a room's title. */
const LETTER = 8.6

/** Place the rooms and write their titles. */
export function joinRooms(root: Canvas, scene: Scene, handlers: Handlers): void {
  const joined = root.selectAll<SVGGElement, Fold>('g.room').data(scene.view.rooms, (fold) => fold.id)
  joined.exit().remove()
  const entered = joined.enter().append('g').attr('class', 'room')
  entered.append('rect').attr('class', 'wall').attr('rx', 14)
  const title = entered.append('g').attr('class', 'title')
  title.append('rect').attr('class', 'bar').attr('width', 1).attr('height', 28).attr('rx', 10)
  const text = silent(title.append('text').attr('x', 14).attr('y', 21))
  text.append('tspan').attr('class', 'room-name')
  text.append('tspan').attr('class', 'room-type').attr('dx', 7)
  title.append('title')
  pressable(title, 'open group', (fold) => handlers.toggle(fold.id), handlers.toggleAll)
  const all = entered.merge(joined)
  const box = (fold: Fold) => scene.layout.rooms.get(fold.id)
  all.attr('data-fold', (fold) => fold.id).attr('transform', (fold) => at(box(fold)))
  all
    .select('rect.wall')
    .attr('width', (fold) => box(fold)?.width ?? 0)
    .attr('height', (fold) => box(fold)?.height ?? 0)
  all.select('rect.bar').attr('width', (fold) => box(fold)?.width ?? 0)
  all.select('g.title').attr('aria-label', calledOf)
  // a wide room has space for long names
  const letters = (fold: Fold) => ((box(fold)?.width ?? 0) - 46) / LETTER
  const named = (fold: Fold) => shorten(fold.name, Math.max(LONGEST_NAME, letters(fold) - fold.type.length))
  all.select('.room-name').text((fold) => `▾ ${named(fold)}`)
  all
    .select('.room-type')
    .text((fold) => shorten(fold.type, Math.max(LONGEST_NAME, letters(fold) - named(fold).length)))
  all.select('title').text((fold) => `Close ${calledOf(fold)} (Enter; Shift+Enter closes all)`)
}

function calledOf({ name, type }: Fold): string {
  return type === '' ? name : `${name}, a ${type}`
}

/** Place the cards of closed folds and write what they hold. */
export function joinClosed(root: Canvas, scene: Scene, handlers: Handlers): void {
  const closed = scene.view.cards.filter((card) => card.fold !== null)
  const joined = root.selectAll<SVGGElement, Card>('g.closed-room').data(closed, (card) => card.id)
  joined.exit().remove()
  const entered = joined.enter().append('g').attr('class', 'closed-room')
  entered.append('rect').attr('class', 'behind').attr('rx', 14)
  entered.append('rect').attr('class', 'front').attr('rx', 14)
  silent(entered.append('g').attr('class', 'above'))
  silent(entered.append('g').attr('class', 'below'))
  entered.append('title')
  pressable(entered, 'closed group', (card) => handlers.toggle(card.id), handlers.toggleAll)
  const all = entered.merge(joined)
  all.attr('data-fold', (card) => card.id).attr('transform', (card) => at(scene.layout.cards.get(card.id)))
  all.each(function (card) {
    writeFacts(select(this), card, scene.layout.cards.get(card.id) as Rectangle, scene)
  })
}

function writeFacts(root: Selection<SVGGElement, Card, null, undefined>, card: Card, box: Rectangle, scene: Scene) {
  // a second wall behind the first one says that more is inside
  root.select('.behind').attr('x', 4).attr('y', 4).attr('width', box.width).attr('height', box.height)
  root.select('.front').attr('width', box.width).attr('height', box.height)
  const facts = factsOf(card, scene.nodes, scene.iteration)
  const lines = root.selectAll<SVGTextElement, string>('text.fact').data(facts)
  lines.exit().remove()
  lines
    .enter()
    .append('text')
    .attr('aria-hidden', 'true')
    .merge(lines)
    .attr('class', (_, i) => (i === 0 ? 'fact sign' : 'fact type'))
    .attr('x', box.width / 2)
    .attr('y', (_, i) => 28 + i * LINE)
    .text((line, i) => (i === 0 ? `▸ ${line}` : line))
}

/** Light the active cards, and show the marks and the tensor that comes out. */
export function paintClosed(root: Canvas, scene: Scene): void {
  root.selectAll<SVGGElement, Card>('g.closed-room').each(function (card) {
    paint(select(this), card, scene)
  })
}

/** While the step is inside, let the line that counts the operations say where. */
function tellPlace(root: Selection<SVGGElement, Card, null, undefined>, { id, fold }: Card, scene: Scene): void {
  if (fold === null || fold.kind === 'leaves') return
  const place = id === scene.frame.active ? whereaboutsIn(fold, scene.view.folds, scene.frame.node) : ''
  const at = fold.type === '' ? 1 : 2
  const letters = Math.floor(((scene.layout.cards.get(id)?.width ?? 0) - 16) / LETTER)
  const usual = root.selectAll<SVGTextElement, string>('text.fact').data()[at] ?? ''
  root
    .selectAll<SVGTextElement, string>('text.fact')
    .filter((_, i) => i === at)
    .classed('place', place !== '')
    .text(place === '' ? usual : shorten(place, letters))
}

function paint(root: Selection<SVGGElement, Card, null, undefined>, card: Card, scene: Scene): void {
  const { frame, layout } = scene
  const names = ['closed-room']
  if (card.id === frame.active) names.push('active', `in-${frame.phase}`)
  if (card.id === scene.held.failed) names.push('failed')
  if (card.id === scene.held.selected) names.push('selected')
  const value = frame.values.get(card.id)?.[0]
  const gradient = gradientOf(card.id, frame)
  if (outputOf(card) !== null && !value) names.push('waiting')
  root.attr('class', names.join(' '))
  tellPlace(root, card, scene)
  const said = card.fold === null ? '' : calledOf(card.fold)
  const facts = factsOf(card, scene.nodes, scene.iteration).slice(1).join(', ')
  const marks = scene.marks.cards.get(card.id) ?? UNMARKED
  root.attr('aria-label', `${said}: ${facts}${spokenNumbers(value, gradient)}${spokenMarks(marks)}`)
  root.select('title').text(`Open ${said}: ${facts} (Enter; Shift+Enter opens all)`)
  const box = layout.cards.get(card.id) as Rectangle
  drawCardMarks(root, marks, box)
  drawNumbers(root, box, { value, gradient, theme: scene.theme })
}
