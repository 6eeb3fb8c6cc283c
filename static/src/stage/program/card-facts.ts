/** The facts that a closed fold tells about its inside, and the space that cards ask for. Pure. */

import type { Iteration, Node } from '../../core/contract'
import { formatShape } from '../../core/numbers'
import { blockOf } from '../tensor-drawing'
import type { Fold, Folds } from './folds'
import type { Card, Source, View } from './graph-view'
import { signOf } from './operation-signs'
import type { CardSize } from './satellites'

/** The most letters of a name that a card or a title has room for. */
export const LONGEST_NAME = 14
/** The most letters of a fold's own name, which also says how often something repeats. */
const LONGEST_FOLD = 20
/** The most shapes that are written out on either side of the arrow. */
const SHAPES = 2
const LINE = 20
/** The space above the first line of a closed fold and below its last one, together. */
const CLOSED_PADDING = 22

/** Return a text that is cut to `longest` letters; a count such as "× 12" at its end is kept. The tooltip has the whole text. */
export function shorten(text: string, longest = LONGEST_NAME): string {
  const times = / × \d+$/.exec(text)?.[0] ?? ''
  return text.length > longest ? `${text.slice(0, Math.floor(longest) - 1 - times.length)}…${times}` : text
}

/** Return the lines on the card of a closed fold, the name first. */
export function factsOf(card: Card, nodes: ReadonlyMap<string, Node>, iteration: Iteration | null): string[] {
  const { fold } = card
  if (fold === null) return []
  const count = `${fold.operations.toLocaleString('en')} operation${fold.operations === 1 ? '' : 's'}`
  // the data that flows through says more than the parameters
  const data = card.takes.filter(({ node }) => ['operation', 'input'].includes(nodes.get(node)?.kind ?? ''))
  const takes = shapesOf(data.length > 0 ? data : card.takes, iteration)
  const gives = shapesOf(card.gives, iteration)
  return [
    shorten(fold.name, LONGEST_FOLD),
    shorten(fold.type, LONGEST_FOLD),
    fold.kind === 'leaves' ? '' : count,
    takes === '' && gives === '' ? '' : `${takes} → ${gives}`.trim(),
  ].filter((line) => line !== '')
}

/** The kinds of folds that only count, and say nothing about the place of a node. */
const COUNTS: readonly Fold['kind'][] = ['repeat', 'part', 'stretch', 'leaves']

/** Return where in a closed fold a node is: "at blocks.7", "at 20 of 30". The text is empty when nothing in between has a name. */
export function whereaboutsIn(fold: Fold, { folds, home }: Folds, node: string): string {
  let found = ''
  for (let at = home.get(node) ?? null; at !== null && at !== fold.id; at = folds.get(at)?.parent ?? null) {
    const between = folds.get(at)
    if (between !== undefined && !COUNTS.includes(between.kind)) found = `at ${between.name}`
  }
  return found
}

function shapesOf(sources: readonly Source[], iteration: Iteration | null): string {
  const shapes = new Set<string>()
  for (const { node, output } of sources) {
    const shape = iteration?.values[node]?.[output]?.shape
    if (shape !== undefined) shapes.add(formatShape(shape))
  }
  const some = [...shapes].slice(0, SHAPES)
  return [...some, ...(shapes.size > SHAPES ? ['…'] : [])].join(', ')
}

/** Return the tensor that stands above a card: the first output of a node, or the only tensor that comes out of a closed fold. */
export function outputOf(card: Card): Source | null {
  if (card.fold === null) return { node: card.id, output: 0 }
  const [only, another] = card.gives
  return another === undefined ? (only ?? null) : null
}

/** Return the space for every card of a view. It depends on shapes alone, so that a layout does not move when numbers change. */
export function sizesOf(view: View, iteration: Iteration | null): Map<string, CardSize> {
  const nodes = new Map(view.graph.nodes.map((node) => [node.id, node]))
  return new Map(view.cards.map((card) => [card.id, sizeOf(card, nodes, iteration)]))
}

/** Return the width of a line in small letters. Digits are wider than most letters, and long lines have many of them. */
function widthOf(line: string): number {
  return Math.max(line.length * 8.1 + 26, line.length * 9.1 + 14)
}

function sizeOf(card: Card, nodes: ReadonlyMap<string, Node>, iteration: Iteration | null): CardSize {
  const output = outputOf(card)
  const tensor = output === null ? undefined : iteration?.values[output.node]?.[output.output]
  const block = blockOf(tensor?.shape ?? [])
  const learns = output !== null && nodes.get(output.node)?.requires_grad
  const numbers = { above: block.height + 6, below: learns ? block.height + 6 : 4 }
  if (card.fold !== null) {
    const lines = factsOf(card, nodes, iteration)
    const widths = lines.map((line, i) => (i === 0 ? (line.length + 2) * 9 + 26 : widthOf(line)))
    return {
      width: Math.max(118, block.width, ...widths),
      card: lines.length * LINE + CLOSED_PADDING,
      ...(output === null ? { above: 4, below: 4 } : numbers),
    }
  }
  const node = nodes.get(card.id) as Node
  const sign = signOf(node)
  const leaf = node.op === null
  const word = sign.length > 3 ? Math.min(sign.length, LONGEST_NAME) * 9.4 + 20 : 0
  const name = leaf ? 0 : Math.min(node.name?.length ?? 0, LONGEST_NAME) * 7.4 + 14
  return {
    width: Math.max(leaf ? 58 : 64, word, name, block.width),
    // the leaves of a module are many, and stand close to their operation
    card: leaf ? (node.group === null ? 46 : 36) : 52,
    ...numbers,
  }
}
