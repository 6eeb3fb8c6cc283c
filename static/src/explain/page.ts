/** What a page of an explanation asks of its surroundings. */

export interface Page {
  label: (node: string) => string
  /** The node that is shown. */
  node: string
  /** The operation that an edge leads into. */
  target: (edge: string) => string
  select: (node: string) => void
  choose: (index: readonly number[]) => void
}
