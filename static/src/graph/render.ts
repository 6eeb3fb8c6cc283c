/** The only D3 joins of the stage: rooms, edges, cards, and what moves between them. */

import { type Selection, select } from 'd3-selection'
import { curveBumpX, line } from 'd3-shape'
import type { Graph, Group, Node, Tensor } from '../api/types'
import { formatTensorLabel } from '../numbers'
import type { Theme } from '../theme'
import type { Frame, Travel } from '../timeline/timeline'
import type { Layout, Point, Rectangle } from './layout'
import { signOf } from './symbols'
import { blockOf, drawTensor } from './tensors'

/** All that one drawing shows. */
export interface Scene {
  graph: Graph
  layout: Layout
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

const curve = line<Point>(
  (p) => p.x,
  (p) => p.y,
).curve(curveBumpX)
const LONGEST_NAME = 14

/** Draws the scene into `canvas`, changing only what differs from what is there. */
export function render(canvas: SVGGElement, scene: Scene, handlers: Handlers): void {
  const root = select(canvas)
  drawRooms(layer(root, 'rooms'), scene, handlers)
  drawEdges(layer(root, 'edges'), scene)
  drawClosed(layer(root, 'closed'), scene, handlers)
  drawNodes(layer(root, 'nodes'), scene, handlers)
  drawTravels(layer(root, 'travels'), canvas, scene)
  drawNotes(layer(root, 'notes'), canvas, scene)
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
    .attr('d', (e) => curve([...(layout.paths.get(e.id) ?? [])]) ?? '')
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
  card
    .select('rect.card')
    .attr('width', box.width)
    .attr('height', box.height)
    .attr('rx', leaf ? box.height / 2 : 9)
  card
    .select('text.sign')
    .attr('x', box.width / 2)
    .attr('y', box.height / 2 + 7)
    .classed('word', sign.length > 3)
    .text(sign)
  card
    .select('text.name')
    .attr('x', box.width - 6)
    .attr('y', 13)
    .text(leaf ? '' : shorten(node.name ?? ''))
  const value = scene.frame.values.get(node.id)?.[0]
  const gradient = gradientOf(node.id, scene.frame)
  const height = value ? blockOf(value.shape).height : 0
  place(card.select<SVGGElement>('g.above'), box.width / 2, -height - 5, value, 'value', scene.theme)
  place(card.select<SVGGElement>('g.below'), box.width / 2, box.height + 5, gradient, 'gradient', scene.theme)
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

/** Where along its path, from source to target, a travelling number stands. Backwards it comes to rest halfway. */
function share(travel: Travel, progress: number): number {
  const eased = progress < 0.5 ? 2 * progress * progress : 1 - 2 * (1 - progress) * (1 - progress)
  return travel.direction === 'forward' ? eased : 1 - 0.5 * eased
}

function pointOn(canvas: SVGGElement, edge: string, along: number): Point | null {
  const path = canvas.querySelector<SVGPathElement>(`#edge-${edge}`)
  return path === null ? null : path.getPointAtLength(path.getTotalLength() * along)
}

function drawTravels(root: Canvas, canvas: SVGGElement, scene: Scene): void {
  const { frame } = scene
  const moving = frame.travels.filter((t) => t.direction === 'backward' || frame.progress < 1)
  const joined = root.selectAll<SVGGElement, Travel>('g.travel').data(moving, (t) => t.edge)
  joined.exit().remove()
  const entered = joined.enter().append('g')
  entered.append('rect').attr('rx', 13).attr('height', 26).attr('y', -13)
  entered.append('text').attr('y', 5.5)
  const all = entered.merge(joined).attr('class', (t) => `travel ${t.direction}`)
  all.each(function (t) {
    const text = formatTensorLabel(t.tensor)
    const width = 18 + text.length * 9
    const point = pointOn(canvas, t.edge, share(t, frame.progress))
    select(this)
      .attr('transform', `translate(${point?.x ?? 0},${point?.y ?? 0})`)
      .attr('visibility', point ? null : 'hidden')
    select(this)
      .select('rect')
      .attr('x', -width / 2)
      .attr('width', width)
    select(this).select('text').text(text)
  })
}

interface Note {
  kind: 'note' | 'sum' | 'update'
  text: string
  x: number
  y: number
}

function notesOf(canvas: SVGGElement, scene: Scene): Note[] {
  const { frame, layout } = scene
  const notes: Note[] = []
  if (frame.note) {
    const point = pointOn(canvas, frame.note.edge, 0.5)
    if (point) notes.push({ kind: 'note', text: frame.note.text, x: point.x, y: point.y + 80 })
  }
  if (frame.sum) {
    const box = layout.cards.get(frame.sum.node)
    const below = blockOf(frame.gradients.get(frame.sum.node)?.shape ?? []).height
    if (box)
      notes.push({ kind: 'sum', text: frame.sum.text, x: box.x + box.width / 2, y: box.y + box.height + below + 20 })
  }
  if (frame.update) {
    const box = layout.cards.get(frame.update.node)
    const below = frame.gradients.has(frame.update.node)
      ? blockOf(frame.gradients.get(frame.update.node)?.shape ?? []).height + 6
      : 0
    if (box)
      notes.push({
        kind: 'update',
        text: frame.update.text,
        x: box.x + box.width / 2,
        y: box.y + box.height + below + 16,
      })
  }
  return notes
}

function drawNotes(root: Canvas, canvas: SVGGElement, scene: Scene): void {
  const joined = root.selectAll<SVGGElement, Note>('g.remark').data(notesOf(canvas, scene), (n) => n.kind)
  joined.exit().remove()
  const entered = joined.enter().append('g')
  entered.append('rect').attr('rx', 11).attr('height', 24).attr('y', -12)
  entered.append('text').attr('y', 5)
  const all = entered.merge(joined).attr('class', (n) => `remark ${n.kind}`)
  all.each(function (n) {
    const width = 16 + n.text.length * 7.6
    const x = Math.max(width / 2 - 20, n.x)
    select(this).attr('transform', `translate(${x},${n.y})`)
    select(this)
      .select('rect')
      .attr('x', -width / 2)
      .attr('width', width)
    select(this).select('text').text(n.text)
  })
}
