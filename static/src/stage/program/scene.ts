/** A scene: what one drawing of the graph shows; and what its parts share. */

import type { BaseType, Selection } from 'd3-selection'
import type { Iteration, Node, Tensor } from '../../core/contract'
import type { Theme } from '../../core/theme'
import type { Rectangle } from '../geometry'
import { blockOf, drawTensor, NUMBERS_GAP } from '../tensor-drawing'
import type { Marks } from './card-marks'
import type { View } from './graph-view'
import type { Layout } from './layout'
import type { CardSize } from './satellites'
import type { Seen } from './seen-frame'

/** Everything that one drawing shows. */
export interface Scene {
  view: View
  layout: Layout
  /** The space that the layout has kept for each card. */
  sizes: ReadonlyMap<string, CardSize>
  /** The part of the plane that can be seen. */
  window: Rectangle
  frame: Seen
  nodes: ReadonlyMap<string, Node>
  iteration: Iteration | null
  /** The cards that stand for the node that is selected, that failed, and that is the loss. */
  held: { selected: string | null; failed: string | null; loss: string | null }
  marks: Marks
  theme: Theme
  /** The nodes whose number can be dragged where it stands. */
  pullable: ReadonlySet<string>
}

export interface Handlers {
  select(node: string): void
  toggle(fold: string): void
  toggleAll(): void
}

export type Canvas = Selection<SVGGElement, unknown, null, undefined>

/** Return the transform of a place. */
export function at(box: Rectangle | undefined): string {
  return `translate(${box?.x ?? 0},${box?.y ?? 0})`
}

/**
 * Let elements be pressed: click, Enter and Space call `act`; click and Enter with Shift call `all`. To a screen reader the elements are
 * pictures with the role description `called`. They are no buttons, for the name of a button would have to be the text in it, and
 * "× z 2.42 −0.0817" says less than accessible-names.ts. One of them at a time is a stop of the Tab key (keyboard-focus.ts).
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

/** Hide signs and bare numbers from a screen reader: the name of their card says the same in words. */
export function silent<G extends SVGElement, T, P extends BaseType, D>(
  selection: Selection<G, T, P, D>,
): Selection<G, T, P, D> {
  return selection.attr('aria-hidden', 'true')
}

/** Return the tensor below a card. A leaf shows its .grad once a gradient has arrived, for earlier passes may have added to it. */
export function gradientOf(card: string, frame: Seen): Tensor | undefined {
  return frame.accumulated.get(card) ?? frame.gradients.get(card)
}

/** The numbers of a card at one moment. */
export interface CardNumbers {
  value: Tensor | undefined
  gradient: Tensor | undefined
  theme: Theme
}

/** Draw the value of a card above it, and the gradient below. */
export function drawNumbers<T>(
  card: Selection<SVGGElement, T, null, undefined>,
  box: Rectangle,
  { value, gradient, theme }: CardNumbers,
): void {
  const put = (group: string, y: number, tensor: Tensor | undefined, kind: 'value' | 'gradient') => {
    const place = card.select<SVGGElement>(group).attr('transform', `translate(${box.width / 2},${y})`)
    drawTensor(place.node() as SVGGElement, tensor, kind, theme)
  }
  const height = value ? blockOf(value.shape).height : 0
  put('g.above', -height - NUMBERS_GAP, value, 'value')
  put('g.below', box.height + NUMBERS_GAP, gradient, 'gradient')
}
