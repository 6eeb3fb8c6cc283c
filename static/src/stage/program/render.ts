/**
 * The D3 joins of the graph: rooms, edges, cards (room-drawing.ts and card-drawing.ts draw them), marks, and what moves between them.
 *
 * There are three speeds: places change when another view is laid out, numbers and marks change a few times per step, and travelling
 * tensors change with every frame.
 */

import { select } from 'd3-selection'
import { badgesIn, type PlacedBadge } from './badge-layout'
import { joinNodes, paintNodes } from './card-drawing'
import { drawBadges, drawWireMarks } from './decoration-marks'
import type { Wire } from './graph-view'
import { drawOverlay } from './overlay'
import { joinClosed, joinRooms, paintClosed } from './room-drawing'
import type { Canvas, Handlers, Scene } from './scene'
import { pathOf } from './wire-paths'

/** The scene that each canvas shows, and the badges in it. */
const drawn = new WeakMap<SVGGElement, { scene: Scene; badges: readonly PlacedBadge[] }>()

/** Draw the scene into `canvas`, and change only what differs from the scene before. */
export function render(canvas: SVGGElement, scene: Scene, handlers: Handlers): void {
  const root = select(canvas)
  const [rooms, edges, closed, nodes] = ['rooms', 'edges', 'closed', 'nodes'].map((name) => layer(root, name)) as [
    Canvas,
    Canvas,
    Canvas,
    Canvas,
  ]
  const before = drawn.get(canvas)
  const elsewhere = before?.scene.view !== scene.view || before.scene.layout !== scene.layout
  const fresh = elsewhere || before === undefined || differs(before.scene, scene)
  const badges = fresh ? badgesIn(scene) : before.badges
  drawn.set(canvas, { scene, badges })
  if (elsewhere) {
    joinRooms(rooms, scene, handlers)
    joinEdges(edges, scene)
    joinClosed(closed, scene, handlers)
    joinNodes(nodes, scene, handlers)
  }
  if (fresh) {
    paintEdges(edges, scene)
    paintClosed(closed, scene)
    paintNodes(nodes, scene)
  }
  const obstacles = badges.map(({ place }) => place)
  drawOverlay(layer(root, 'travels'), layer(root, 'notes'), canvas, { ...scene, obstacles })
  if (fresh) drawBadges(layer(root, 'badges'), badges)
}

function layer(root: Canvas, name: string): Canvas {
  const found = root.selectAll<SVGGElement, string>(`g.${name}`).data([name])
  return select(found.enter().append('g').attr('class', name).merge(found).node() as SVGGElement)
}

/** Tell whether anything but the travelling tensors has changed. */
function differs(before: Scene, now: Scene): boolean {
  const [a, b] = [before.frame, now.frame]
  return (
    before.theme !== now.theme ||
    before.iteration !== now.iteration ||
    before.pullable !== now.pullable ||
    before.marks !== now.marks ||
    before.held.selected !== now.held.selected ||
    before.held.failed !== now.held.failed ||
    before.held.loss !== now.held.loss ||
    a.step !== b.step ||
    a.values !== b.values ||
    a.gradients !== b.gradients ||
    a.accumulated !== b.accumulated ||
    a.flow !== b.flow
  )
}

function joinEdges(root: Canvas, { view, layout }: Scene): void {
  const wires = view.wires.filter((wire) => layout.paths.has(wire.id))
  const joined = root.selectAll<SVGPathElement, Wire>('path').data(wires, (wire) => wire.id)
  joined.exit().remove()
  joined
    .enter()
    .append('path')
    .attr('id', (wire) => `edge-${wire.id}`)
    .merge(joined)
    .attr('d', (wire) => pathOf(layout, wire.id))
}

function paintEdges(root: Canvas, { frame, marks }: Scene): void {
  root.selectAll<SVGPathElement, Wire>('path').each(function (wire) {
    const lit = frame.litEdges.has(wire.id) ? `lit ${frame.phase}` : ''
    const bundle = wire.edges.length > 1 ? 'bundle' : ''
    const odd = frame.flow.nonFiniteEdges.has(wire.id) ? 'spoiled' : frame.flow.zeroEdges.has(wire.id) ? 'dry' : ''
    const names = `edge ${lit} ${frame.carried.has(wire.id) ? 'carried' : ''} ${bundle} ${odd}`
    if (this.getAttribute('class') !== names) this.setAttribute('class', names)
    drawWireMarks(this, wire, marks)
  })
}
