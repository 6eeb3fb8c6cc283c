/** The drawing of the cards of nodes: a part of the D3 joins in render.ts. */

import { type Selection, select } from 'd3-selection'
import type { Graph, Node, Tensor } from '../../core/contract'
import type { Theme } from '../../core/theme'
import type { Rectangle } from '../geometry'
import { NUMBERS_GAP } from '../tensor-drawing'
import { spokenNode } from './accessible-names'
import { shorten } from './card-facts'
import { type CardMarks, sameMarks, spokenMarks, UNMARKED } from './card-marks'
import { drawCardMarks } from './decoration-marks'
import { signOf } from './operation-signs'
import { at, type Canvas, drawNumbers, gradientOf, type Handlers, pressable, type Scene, silent } from './scene'

/** The last drawing of each card: most cards show the same after a step, and are not drawn again. */
const painted = new WeakMap<SVGGElement, Paint>()

interface Paint {
  names: string
  value: Tensor | undefined
  gradient: Tensor | undefined
  /** True when the node asks for a gradient and got none. */
  without: boolean
  marks: CardMarks
  theme: Theme
  box: Rectangle
}

/** Place the cards and write what does not change from step to step. */
export function joinNodes(root: Canvas, scene: Scene, handlers: Handlers): void {
  const nodes = scene.view.cards.flatMap((card) => (card.fold === null ? (scene.nodes.get(card.id) ?? []) : []))
  const joined = root.selectAll<SVGGElement, Node>('g.node').data(nodes, (n) => n.id)
  joined.exit().remove()
  const entered = joined.enter().append('g').attr('class', 'node')
  entered.append('rect').attr('class', 'card')
  silent(entered.append('text').attr('class', 'sign'))
  silent(entered.append('text').attr('class', 'name'))
  silent(entered.append('g').attr('class', 'above'))
  silent(entered.append('g').attr('class', 'below'))
  silent(entered.append('text').attr('class', 'number without'))
  entered.append('title')
  pressable(entered, 'node', (n) => handlers.select(n.id), handlers.toggleAll)
  const all = entered.merge(joined)
  all.attr('data-node', (n) => n.id).attr('transform', (n) => at(scene.layout.cards.get(n.id)))
  all.each(function (n) {
    write(select(this), n, scene.layout.cards.get(n.id) as Rectangle)
  })
}

function write(card: Selection<SVGGElement, Node, null, undefined>, node: Node, box: Rectangle): void {
  const leaf = node.op === null
  const sign = shorten(signOf(node))
  const name = leaf ? '' : shorten(node.name ?? '')
  card
    .select('rect.card')
    .attr('width', box.width)
    .attr('height', box.height)
    .attr('rx', leaf ? box.height / 2 : 9)
  card
    .select('text.sign')
    .attr('x', box.width / 2)
    .attr('y', box.height / 2 + (name === '' ? 7 : -3))
    .classed('word', sign.length > 3)
    .text(sign)
  card
    .select('text.name')
    .attr('x', box.width / 2)
    .attr('y', box.height - 9)
    .text(name)
}

/** Show the numbers and marks of the cards, and which card is active, selected or failed. */
export function paintNodes(root: Canvas, scene: Scene): void {
  root.selectAll<SVGGElement, Node>('g.node').each(function (node) {
    const paint: Paint = {
      names: classesOf(node, scene),
      value: scene.frame.values.get(node.id)?.[0],
      gradient: gradientOf(node.id, scene.frame),
      without: scene.frame.without.has(node.id),
      marks: scene.marks.cards.get(node.id) ?? UNMARKED,
      theme: scene.theme,
      box: scene.layout.cards.get(node.id) as Rectangle,
    }
    if (same(painted.get(this), paint)) return
    painted.set(this, paint)
    show(select(this), node, paint, scene.view.graph)
  })
}

function same(before: Paint | undefined, now: Paint): boolean {
  return (
    before !== undefined &&
    before.names === now.names &&
    before.value === now.value &&
    before.gradient === now.gradient &&
    before.without === now.without &&
    sameMarks(before.marks, now.marks) &&
    before.theme === now.theme &&
    before.box === now.box
  )
}

function show(card: Selection<SVGGElement, Node, null, undefined>, node: Node, paint: Paint, graph: Graph): void {
  const { names, value, gradient, without, marks, theme, box } = paint
  const said = `${spokenNode(graph, node, value, gradient)}${without ? ', no gradient reached it' : ''}`
  const label = said + spokenMarks(marks)
  card.attr('class', names).attr('aria-label', label)
  card.select('title').text(label)
  drawCardMarks(card, marks, box)
  drawNumbers(card, box, { value, gradient, theme })
  card
    .select('text.without')
    .attr('x', box.width / 2)
    .attr('y', box.height + NUMBERS_GAP + 16)
    .text(without ? 'None' : '')
}

function classesOf(node: Node, { frame, held, iteration, pullable }: Scene): string {
  const names = ['node', node.kind]
  if (node.id === held.loss) names.push('loss-node')
  if (node.id === held.failed || node.failed) names.push('failed')
  if (node.id === frame.active) names.push('active', `in-${frame.phase}`)
  if (node.id === held.selected) names.push('selected')
  if (!frame.values.has(node.id) && !node.failed) names.push('waiting')
  // only the number that the program began with can be dragged, and an update replaces it
  const first = iteration?.values[node.id]?.[0]
  if (pullable.has(node.id) && frame.values.get(node.id)?.[0] === first) names.push('pullable')
  return names.join(' ')
}
