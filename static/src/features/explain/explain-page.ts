/** The context of a page of an explanation. */

import type { NodeExplanation } from '../../core/contract'

export interface Page {
  label: (node: string) => string
  /** The node that is shown. */
  node: string
  /** The operation that an edge leads into. */
  target: (edge: string) => string
  /** Below a gradient: the check of it. */
  check: (told: NodeExplanation) => unknown
  select: (node: string) => void
  choose: (index: readonly number[]) => void
}
