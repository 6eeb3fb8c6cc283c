/** The state that the two stages of a comparison share. */

import type { Iteration, Node } from '../core/contract'

/** Two stages draw the same graph, each with the numbers of its own run, and move together. */
export interface Pairing {
  /** The nodes with the names that they have in the run of this stage. */
  readonly nodes: ReadonlyMap<string, Node>
  /** An iteration whose tensors are as large as the larger ones of both runs, so that both drawings are laid out alike. */
  readonly shapes: Iteration
  /** The width of the stage, in units of the plane: up to it the drawing has room between its columns. */
  readonly width: number
}
