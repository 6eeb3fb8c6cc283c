/** What one drawing of the stage shows, and what its parts have in common. */

import type { BaseType, Selection } from 'd3-selection'
import type { CSSResult } from 'lit'
import type { Iteration, Node, Tensor } from '../../core/contract'
import { formOf, type Severity } from '../../core/severity'
import type { Theme } from '../../core/theme'
import type { Rectangle } from '../geometry'
import { drawTensor } from '../tensor-drawing'
import type { View } from './graph-view'
import type { Layout } from './layout'
import type { MarkedCards } from './node-marks'
import type { CardSize } from './satellites'
import type { Seen } from './seen-frame'

/** All that one drawing shows. */
export interface Scene {
  view: View
  layout: Layout
  /** The part of the plane that can be seen. */
  window: Rectangle
  frame: Seen
  nodes: ReadonlyMap<string, Node>
  iteration: Iteration | null
  /** The cards that stand for the node that is selected, that failed, and that is the loss. */
  held: { selected: string | null; failed: string | null; loss: string | null }
  marked: MarkedCards
  theme: Theme
  /** The nodes whose number can be dragged where it stands. */
  pullable: ReadonlySet<string>
  /** What remarks must not cover besides cards and numbers. */
  obstacles?: readonly Rectangle[]
}

/** What is written over a drawing by one who compares it with another. It keeps its own space. */
export interface Commentary {
  readonly styles: CSSResult
  /** The nodes as they are to be written, where the names are others than those of the graph. */
  readonly nodes: ReadonlyMap<string, Node>
  /** The width up to which the drawing has room between its columns. */
  readonly most: number
  /** The space for the cards of a view. */
  sizesOf(view: View): ReadonlyMap<string, CardSize>
  /** What no remark may cover. */
  obstaclesIn(scene: Scene): readonly Rectangle[]
  draw(canvas: SVGGElement, scene: Scene): void
}

export interface Handlers {
  select(node: string): void
  toggle(fold: string): void
  toggleAll(): void
}

export type Canvas = Selection<SVGGElement, unknown, null, undefined>

/** The transform of a place. */
export function at(box: Rectangle | undefined): string {
  return `translate(${box?.x ?? 0},${box?.y ?? 0})`
}

/**
 * Click, Enter and Space act; with Shift, click and Enter do `all`. To a screen reader these are pictures with a name of their own, called what they
 * are: the name of a button would have to be what stands in it, and "× z 2.42 −0.0817" says less than the words of spoken.ts.
 * One of them at a time is a stop of the Tab key (focus.ts).
 */
export function pressable<T>(
  selection: Selection<SVGGElement, T, SVGGElement, unknown>,
  called: string,
  act: (datum: T) => void,
  all: () => void,
): void {
  selection
    .attr('tabindex', -1)
    .attr('role', 'img')
    .attr('aria-roledescription', called)
    .on('click', (event: MouseEvent, datum) => {
      event.stopPropagation()
      if (event.shiftKey) all()
      else act(datum)
    })
    .on('keydown', (event: KeyboardEvent, datum) => {
      const acts = event.key === 'Enter' || (event.key === ' ' && !event.shiftKey)
      if (!acts || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      event.stopPropagation()
      if (event.shiftKey) all()
      else act(datum)
    })
}

/** The octagon of a breakpoint, inside a card's left corner, and the place of a finding, over its right one. */
export function addMarks<T>(cards: Selection<SVGGElement, T, SVGGElement, unknown>): void {
  cards.append('path').attr('class', 'stop').attr('d', 'M7,4h5l3.5,3.5v5L12,16H7L3.5,12.5v-5Z')
  const finding = cards.append('g').attr('class', 'finding')
  finding.append('path').attr('class', 'outline')
  finding.append('path').attr('class', 'inner')
}

/** Shows how severe what goes wrong at a card is; with nothing, nothing. */
export function flag<T>(
  card: Selection<SVGGElement, T, null, undefined>,
  severity: Severity | undefined,
  { width }: Rectangle,
): void {
  const { outline, sign } = formOf(severity)
  const mark = card
    .select('g.finding')
    .attr('class', `finding ${severity ?? ''}`)
    .attr('transform', `translate(${width - 15},-10) scale(1.15)`)
  mark.select('.outline').attr('d', outline)
  mark.select('.inner').attr('d', sign)
}

/** The end of a card's name. */
export function spokenMarks(stops: boolean, severity: Severity | undefined): string {
  return `${stops ? ', breakpoint' : ''}${severity === undefined ? '' : `, finding: ${severity}`}`
}

/** Keeps from a screen reader what the name of its card says in words: signs, and numbers without what they are of. */
export function silent<G extends SVGElement, T, P extends BaseType, D>(
  selection: Selection<G, T, P, D>,
): Selection<G, T, P, D> {
  return selection.attr('aria-hidden', 'true')
}

/** What stands below a card. A leaf shows its .grad, once a gradient has arrived: earlier passes may have added to it. */
export function gradientOf(card: string, frame: Seen): Tensor | undefined {
  return frame.accumulated.get(card) ?? frame.gradients.get(card)
}

/** Puts a tensor above or below a card. */
export function place<T>(
  group: Selection<SVGGElement, T, null, undefined>,
  x: number,
  y: number,
  tensor: Tensor | undefined,
  kind: 'value' | 'gradient',
  theme: Theme,
): void {
  group.attr('transform', `translate(${x},${y})`)
  drawTensor(group.node() as SVGGElement, tensor, kind, theme)
}
