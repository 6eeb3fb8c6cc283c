/** Lengths of svg elements, for a document without a layout: happy-dom measures nothing. */

import type { Point, Rectangle } from '../stage/geometry'

/** The pieces that a curve is cut into. */
const PIECES = 32

/** Give the svg elements of the document the measures that the stage asks for. */
export function installMeasures(): void {
  SVGPathElement.prototype.getTotalLength = function (this: SVGPathElement) {
    return lengthOf(pointsOf(this))
  }
  SVGPathElement.prototype.getPointAtLength = function (this: SVGPathElement, length: number) {
    return pointAt(pointsOf(this), length) as DOMPoint
  }
  SVGGraphicsElement.prototype.getBBox = function (this: SVGGraphicsElement) {
    const boxes = boxesIn(this, { x: 0, y: 0 })
    const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))]
    const [right, bottom] = [
      Math.max(...boxes.map(({ x, width }) => x + width)),
      Math.max(...boxes.map(({ y, height }) => y + height)),
    ]
    return { x: left, y: top, width: right - left, height: bottom - top } as DOMRect
  }
}

/** Return the rectangles in an element, as the page has them; letters have no size here. */
function boxesIn(element: Element, { x, y }: Point): Rectangle[] {
  const [, right = 0, down = 0] =
    /translate\(([-\d.e]+),([-\d.e]+)\)/.exec(element.getAttribute('transform') ?? '') ?? []
  const at = { x: x + Number(right), y: y + Number(down) }
  const size = (name: string) => Number(element.getAttribute(name) ?? 0)
  const own = { x: at.x + size('x'), y: at.y + size('y'), width: size('width'), height: size('height') }
  return [...(element.localName === 'rect' ? [own] : []), ...[...element.children].flatMap((one) => boxesIn(one, at))]
}

/** Return points along a path of the commands M, C, Q, H and V, which are all that edges are made of. */
function pointsOf(path: SVGPathElement): Point[] {
  const points: Point[] = []
  for (const [, command = '', text = ''] of (path.getAttribute('d') ?? '').matchAll(/([MCQHV])([^MCQHV]*)/g)) {
    const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g)].map(Number)
    const from = points.at(-1) ?? { x: 0, y: 0 }
    if (command === 'H') points.push({ x: numbers[0] ?? 0, y: from.y })
    else if (command === 'V') points.push({ x: from.x, y: numbers[0] ?? 0 })
    else points.push(...curve([...(command === 'M' ? [] : [from]), ...pairs(numbers)]))
  }
  return points
}

function pairs(numbers: readonly number[]): Point[] {
  return numbers.flatMap((x, i) => (i % 2 === 0 ? [{ x, y: numbers[i + 1] ?? 0 }] : []))
}

/** Return points along the Bézier curve of some control points, by de Casteljau's construction. */
function curve(control: readonly Point[]): Point[] {
  const at = (t: number): Point => {
    let row = control
    while (row.length > 1) row = row.slice(1).map((to, i) => between(row[i] as Point, to, t))
    return row[0] as Point
  }
  return control.length < 2 ? [...control] : Array.from({ length: PIECES }, (_, i) => at((i + 1) / PIECES))
}

function between(from: Point, to: Point, t: number): Point {
  return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t }
}

function lengthOf(points: readonly Point[]): number {
  return points
    .slice(1)
    .reduce((sum, { x, y }, i) => sum + Math.hypot(x - (points[i]?.x ?? x), y - (points[i]?.y ?? y)), 0)
}

function pointAt(points: readonly Point[], length: number): Point {
  let left = length
  for (const [i, to] of points.slice(1).entries()) {
    const from = points[i] as Point
    const piece = Math.hypot(to.x - from.x, to.y - from.y)
    if (piece >= left && piece > 0) return between(from, to, left / piece)
    left -= piece
  }
  return points.at(-1) ?? { x: 0, y: 0 }
}
