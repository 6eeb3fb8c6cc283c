/** The svg paths of wires. Pure. */

import { curveBumpX, line } from 'd3-shape'
import type { Point } from '../geometry'
import type { Layout } from './layout'

const curve = line<Point>(
  (p) => p.x,
  (p) => p.y,
).curve(curveBumpX)

const CORNER = 9

/** Return the `d` of the svg path of an edge; empty for an edge that is not drawn. */
export function pathOf(layout: Layout, edge: string): string {
  const points = layout.paths.get(edge) ?? []
  return layout.brackets.has(edge) ? bracket(points) : (curve([...points]) ?? '')
}

/** Return a path out to the channel, along it and back in, with round corners. */
function bracket([from, turn, back, to]: readonly Point[]): string {
  if (!from || !turn || !back || !to) return ''
  const way = Math.sign(back.y - turn.y)
  const [first, second] = [round(from.x - turn.x), round(to.x - back.x)]
  return [
    `M${from.x},${from.y}H${turn.x + first}`,
    `Q${turn.x},${turn.y} ${turn.x},${turn.y + way * first}`,
    `V${back.y - way * second}`,
    `Q${back.x},${back.y} ${back.x + second},${back.y}`,
    `H${to.x}`,
  ].join('')
}

function round(space: number): number {
  return Math.max(0, Math.min(CORNER, space))
}
