/** Points and rectangles on the plane of a drawing, in its own units. */

export interface Point {
  x: number
  y: number
}

export interface Rectangle extends Point {
  width: number
  height: number
}
