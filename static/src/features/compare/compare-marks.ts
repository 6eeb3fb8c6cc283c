/** The differences over the drawing of one run of a comparison. Its part of the D3 joins of the stage. */

import { select } from 'd3-selection'
import type { Iteration, Node } from '../../core/contract'
import type { Rectangle } from '../../stage/geometry'
import type { View } from '../../stage/program/graph-view'
import type { CardSize } from '../../stage/program/satellites'
import type { Commentary, Scene } from '../../stage/program/scene'
import type { Run } from '../../walk/model'
import { heightAbove, MORE, roomFor } from './badge-space'
import { markStyles } from './compare-mark-styles'
import { alone, BADGE, type Badge, badgeBox, badgesOf, partlyAlone, type Shown } from './difference-badges'
import type { Union } from './union-graph'

/** Space in pixels for what stands at a card while nothing else does. */
const NEAR = { number: -3 }

export class Marks implements Commentary {
  readonly styles = markStyles
  readonly nodes: ReadonlyMap<string, Node>
  /** What both show now; without the other run nothing is compared. */
  private own: Shown | null = null
  private shown: { a: Shown; b: Shown } | null = null
  private drawn: readonly unknown[] = []
  private last: { key: readonly unknown[]; badges: readonly Badge[] } = { key: [], badges: [] }

  /** `shapes`: an iteration of the common graph whose tensors are as large as the larger of the two. `widest`: see `most`. */
  constructor(
    private readonly run: Run,
    private readonly union: Union,
    private readonly shapes: Iteration,
    private readonly widest: () => number,
  ) {
    const own = run === 'A' ? union.own.a : union.own.b
    this.nodes = new Map(union.graph.nodes.map((node) => [node.id, own.get(node.id) ?? { ...node, failed: false }]))
  }

  get most(): number {
    return this.widest()
  }

  compare(a: Shown, b: Shown | null): void {
    this.own = this.run === 'A' ? a : b
    this.shown = b && { a, b }
  }

  sizesOf(view: View): ReadonlyMap<string, CardSize> {
    return roomFor(view, this.shapes, this.union.only)
  }

  obstaclesIn({ view, layout }: Scene): readonly Rectangle[] {
    return this.badgesIn(view, layout).map(({ place }) => place)
  }

  draw(canvas: SVGGElement, { view, layout }: Scene): void {
    const badges = this.badgesIn(view, layout)
    const now = [canvas, view, layout, badges]
    if (now.every((part, i) => part === this.drawn[i])) return
    this.drawn = now
    const runs = alone(view, this.union.only)
    const tell = (element: SVGElement, run: Run | undefined) => {
      const word = run === undefined ? null : run === this.run ? 'alone' : 'absent'
      if (word === null) element.removeAttribute('data-difference')
      else element.setAttribute('data-difference', word)
    }
    for (const card of canvas.querySelectorAll<SVGGElement>('g.node, g.closed-room'))
      tell(card, runs.get(card.dataset.node ?? card.dataset.fold ?? ''))
    for (const wire of view.wires) {
      const path = canvas.querySelector<SVGPathElement>(`#edge-${wire.id}`)
      const every = (ids: ReadonlySet<string>) => wire.edges.every((edge) => ids.has(edge))
      if (path) tell(path, every(this.union.only.a) ? 'A' : every(this.union.only.b) ? 'B' : undefined)
    }
    this.write(canvas, badges)
  }

  private badgesIn(view: View, layout: Scene['layout']): readonly Badge[] {
    const { a, b } = this.shown ?? {}
    const key = [
      view,
      layout,
      this.own?.values,
      a?.values,
      a?.gradients,
      a?.accumulated,
      b?.values,
      b?.gradients,
      b?.accumulated,
    ]
    if (key.every((part, i) => part === this.last.key[i]) && this.last.key.length > 0) return this.last.badges
    const badges: Badge[] = this.run === 'B' && a && b ? badgesOf(view, layout, a, b) : []
    for (const [card, run] of alone(view, this.union.only)) {
      const box = layout.cards.get(card)
      const text = `only in ${run}`
      // above what the run itself shows there
      const number = run === this.run && this.isShown(view, card) ? heightAbove(view, card, this.shapes) : NEAR.number
      if (box)
        badges.push({
          card,
          kind: 'alone',
          quiet: false,
          text,
          said: text,
          place: badgeBox(box, 'alone', number, text),
        })
    }
    for (const [card, text] of partlyAlone(view, this.union.only)) {
      const box = layout.cards.get(card)
      const place = box && badgeBox(box, 'alone', heightAbove(view, card, this.shapes) + MORE, text)
      if (place) badges.push({ card, kind: 'alone', quiet: false, text, said: text, place })
    }
    this.last = { key, badges }
    return badges
  }

  private isShown(view: View, card: string): boolean {
    return [...(this.own?.values.keys() ?? [])].some((node) => view.holders.get(node) === card)
  }

  private write(canvas: SVGGElement, badges: readonly Badge[]): void {
    const layer = select(canvas).selectAll<SVGGElement, string>('g.differences').data(['differences'])
    const root = layer.enter().append('g').attr('class', 'differences').attr('aria-hidden', 'true').merge(layer)
    const joined = root.selectAll<SVGGElement, Badge>('g.badge').data([...badges], (d) => `${d.kind} ${d.card}`)
    joined.exit().remove()
    const entered = joined.enter().append('g')
    entered.append('rect').attr('rx', 5).attr('height', BADGE.height)
    entered.append('text').attr('y', BADGE.height - 5.5)
    const all = entered.merge(joined)
    all.attr('class', (d) => `badge ${d.kind} ${d.quiet ? 'quiet' : ''}`)
    all.attr('transform', (d) => `translate(${d.place.x},${d.place.y})`)
    all.select('rect').attr('width', (d) => d.place.width)
    all
      .select('text')
      .attr('x', (d) => d.place.width / 2)
      .text((d) => d.text)
    const said = new Map<string, string>()
    for (const { card, said: text } of badges) said.set(card, [said.get(card), text].filter(Boolean).join(', '))
    for (const card of canvas.querySelectorAll<SVGGElement>('g.node, g.closed-room'))
      describe(card, said.get(card.dataset.node ?? card.dataset.fold ?? ''))
  }
}

function describe(card: SVGGElement, said: string | undefined): void {
  if (said === undefined) card.removeAttribute('aria-description')
  else card.setAttribute('aria-description', said)
}
