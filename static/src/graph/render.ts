/** The only D3 joins of the stage: rooms, edges, cards, and what moves between them. */

import { type Selection, select } from 'd3-selection'
import type { Graph, Group, Node, Tensor } from '../api/types'
import { formatTensorLabel } from '../numbers'
import type { Theme } from '../theme'
import type { Frame } from '../timeline/timeline'
import type { Layout, Rectangle } from './layout'
import { drawOverlay } from './overlay'
import { pathOf } from './paths'
import { signOf } from './symbols'
import { blockOf, drawTensor, NUMBERS_GAP } from './tensors'

/** All that one drawing shows. */
export interface Scene {
  graph: Graph
  layout: Layout
  /** The part of the plane that can be seen. */
  view: Rectangle
  frame: Frame
  selected: string | null
  failed: string | null
  loss: string | null
  theme: Theme
}

export interface Handlers {
  select(node: string): void
  toggle(group: string): void
}

type Canvas = Selection<SVGGElement, unknown, null, undefined>

/** Letters of a name that a card or a title has room for. */
export const LONGEST_NAME = 14

/** Draws the scene into `canvas`, changing only what differs from what is there. */
export function render(canvas: SVGGElement, scene: Scene, handlers: Handlers): void {
  const root = select(canvas)
  drawRooms(layer(root, 'rooms'), scene, handlers)
  drawEdges(layer(root, 'edges'), scene)
  drawClosed(layer(root, 'closed'), scene, handlers)
  drawNodes(layer(root, 'nodes'), scene, handlers)
  drawOverlay(layer(root, 'travels'), layer(root, 'notes'), canvas, scene)
}

function layer(root: Canvas, name: string): Canvas {
  const found = root.selectAll<SVGGElement, string>(`g.${name}`).data([name])
  return select(found.enter().append('g').attr('class', name).merge(found).node() as SVGGElement)
}

function shorten(text: string): string {
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text
}

function pressable<T>(selection: Selection<SVGGElement, T, SVGGElement, unknown>, act: (datum: T) => void): void {
  selection
    .attr('tabindex', 0)
    .attr('role', 'button')
    .on('click', (event: Event, datum) => {
      event.stopPropagation()
      act(datum)
    })
    .on('keydown', (event: KeyboardEvent, datum) => {
      if (event.key !== 'Enter') return
      event.preventDefault()
      event.stopPropagation()
      act(datum)
    })
}

function drawRooms(root: Canvas, scene: Scene, handlers: Handlers): void {
  const groups = scene.graph.groups.filter((g) => scene.layout.rooms.has(g.id))
  const joined = root.selectAll<SVGGElement, Group>('g.room').data(groups, (g) => g.id)
  joined.exit().remove()
  const entered = joined.enter().append('g').attr('class', 'room')
  entered.append('rect').attr('class', 'wall').attr('rx', 14)
  const title = entered.append('g').attr('class', 'title')
  title.append('text').attr('x', 14).attr('y', 21)
  pressable(title, (g) => handlers.toggle(g.id))
  const all = entered.merge(joined)
  all.attr('transform', (g) => at(scene.layout.rooms.get(g.id)))
  all
    .select('rect.wall')
    .attr('width', (g) => scene.layout.rooms.get(g.id)?.width ?? 0)
    .attr('height', (g) => scene.layout.rooms.get(g.id)?.height ?? 0)
  all.select('g.title').attr('aria-label', (g) => `Close ${g.name}, a ${g.type}`)
  all.select('text').each(function (g) {
    select(this as SVGTextElement).text(null)
    select(this as SVGTextElement)
      .append('tspan')
      .attr('class', 'room-name')
      .text(`▾ ${shorten(g.name)}`)
    select(this as SVGTextElement)
      .append('tspan')
      .attr('class', 'room-type')
      .attr('dx', 7)
      .text(shorten(g.type))
  })
}

function drawClosed(root: Canvas, scene: Scene, handlers: Handlers): void {
  const groups = scene.graph.groups.filter((g) => scene.layout.closed.has(g.id))
  const joined = root.selectAll<SVGGElement, Group>('g.closed-room').data(groups, (g) => g.id)
  joined.exit().remove()
  const entered = joined.enter().append('g').attr('class', 'closed-room')
  entered.append('rect').attr('rx', 14)
  entered.append('text').attr('class', 'sign').attr('y', 28)
  entered.append('text').attr('class', 'type').attr('y', 48)
  pressable(entered, (g) => handlers.toggle(g.id))
  const all = entered.merge(joined)
  const box = (g: Group) => scene.layout.closed.get(g.id)
  all.attr('transform', (g) => at(box(g))).attr('aria-label', (g) => `Open ${g.name}, a ${g.type}`)
  all.classed('active', (g) => holds(scene.graph, g.id, scene.frame.active))
  all
    .select('rect')
    .attr('width', (g) => box(g)?.width ?? 0)
    .attr('height', (g) => box(g)?.height ?? 0)
  all.selectAll<SVGTextElement, Group>('text').attr('x', (g) => (box(g)?.width ?? 0) / 2)
  all.select('.sign').text((g) => `▸ ${shorten(g.name)}`)
  all.select('.type').text((g) => shorten(g.type))
}

/** Whether a node stands in a group or in a group inside it. */
function holds(graph: Graph, group: string, node: string): boolean {
  let inside = graph.nodes.find((n) => n.id === node)?.group ?? null
  while (inside !== null && inside !== group) inside = graph.groups.find((g) => g.id === inside)?.parent ?? null
  return inside === group
}

function drawEdges(root: Canvas, scene: Scene): void {
  const { frame, layout } = scene
  const edges = scene.graph.edges.filter((e) => layout.paths.has(e.id))
  const joined = root.selectAll<SVGPathElement, (typeof edges)[number]>('path').data(edges, (e) => e.id)
  joined.exit().remove()
  joined
    .enter()
    .append('path')
    .attr('id', (e) => `edge-${e.id}`)
    .merge(joined)
    .attr('d', (e) => pathOf(layout, e.id))
    .attr('class', (e) => {
      const lit = frame.litEdges.has(e.id) ? `lit ${frame.phase}` : ''
      const carried = frame.gradients.has(e.target) && frame.gradients.has(e.source) ? 'carried' : ''
      return `edge ${lit} ${carried}`
    })
}

function at(box: Rectangle | undefined): string {
  return `translate(${box?.x ?? 0},${box?.y ?? 0})`
}

function drawNodes(root: Canvas, scene: Scene, handlers: Handlers): void {
  const { layout, frame } = scene
  const nodes = scene.graph.nodes.filter((n) => layout.cards.has(n.id))
  const joined = root.selectAll<SVGGElement, Node>('g.node').data(nodes, (n) => n.id)
  joined.exit().remove()
  const entered = joined.enter().append('g')
  entered.append('rect').attr('class', 'card')
  entered.append('text').attr('class', 'sign')
  entered.append('text').attr('class', 'name')
  entered.append('g').attr('class', 'above')
  entered.append('g').attr('class', 'below')
  entered.append('title')
  pressable(entered, (n) => handlers.select(n.id))
  const all = entered.merge(joined)
  all
    .attr('class', (n) => classesOf(n, scene))
    .attr('data-node', (n) => n.id)
    .attr('transform', (n) => at(layout.cards.get(n.id)))
    .attr('aria-label', (n) => labelOf(n, frame))
  all.select('title').text((n) => labelOf(n, frame))
  all.each(function (n) {
    drawCard(select(this), n, layout.cards.get(n.id) as Rectangle, scene)
  })
}

function classesOf(node: Node, scene: Scene): string {
  const names = ['node', node.kind]
  if (node.id === scene.loss) names.push('loss-node')
  if (node.id === scene.failed || node.failed) names.push('failed')
  if (node.id === scene.frame.active) names.push('active', `in-${scene.frame.phase}`)
  if (node.id === scene.selected) names.push('selected')
  if (!scene.frame.values.has(node.id) && !node.failed) names.push('waiting')
  return names.join(' ')
}

/** What stands below a card. A leaf shows its .grad, once a gradient has arrived: earlier passes may have added to it. */
function gradientOf(node: string, frame: Frame): Tensor | undefined {
  return frame.accumulated.get(node) ?? frame.gradients.get(node)
}

function labelOf(node: Node, frame: Frame): string {
  const what = [node.op, node.name].filter((x) => x !== null).join(' ')
  const value = frame.values.get(node.id)?.[0]
  const gradient = gradientOf(node.id, frame)
  const shown = value ? `, value ${formatTensorLabel(value)}` : ''
  return `${what || 'tensor'}${shown}${gradient ? `, gradient ${formatTensorLabel(gradient)}` : ''}`
}

function drawCard(card: Selection<SVGGElement, Node, null, undefined>, node: Node, box: Rectangle, scene: Scene): void {
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
  const value = scene.frame.values.get(node.id)?.[0]
  const gradient = gradientOf(node.id, scene.frame)
  const height = value ? blockOf(value.shape).height : 0
  place(card.select<SVGGElement>('g.above'), box.width / 2, -height - NUMBERS_GAP, value, 'value', scene.theme)
  place(card.select<SVGGElement>('g.below'), box.width / 2, box.height + NUMBERS_GAP, gradient, 'gradient', scene.theme)
}

function place(
  group: Selection<SVGGElement, Node, null, undefined>,
  x: number,
  y: number,
  tensor: Tensor | undefined,
  kind: 'value' | 'gradient',
  theme: Theme,
): void {
  group.attr('transform', `translate(${x},${y})`)
  drawTensor(group.node() as SVGGElement, tensor, kind, theme)
}
