/** The parts of the inspector that features fill: more about the node that is shown there. */

import type { Node } from '../core/contract'

/** The node in the inspector, for the features that say more about it. */
export interface InspectedNode {
  readonly node: Node
  /** The element of the node that the reader has chosen; null: none. */
  readonly chosen: ChosenElement | null
  /** The short account of its numbers. */
  readonly short: unknown
}

/** An element of a result of a node. `output`: the result, from 0; `index`: one number per dimension, from 0. */
export interface ChosenElement {
  readonly output: number
  readonly index: readonly number[]
}

/** A part of the inspector. Its scripts are loaded with the first node for which it is shown, and nothing is said when that fails. */
export interface NodeView {
  isShown?(node: Node): boolean
  load?(): Promise<unknown>
  render(inspected: InspectedNode): unknown
}

/** The places of the inspector that a feature can fill. */
export interface NodeSlots {
  /** Around the short account of a node's numbers, which it is given. */
  explanation?: NodeView
  /** Below the account of a node's numbers. */
  inspector?: NodeView
}

export class NodeParts {
  private readonly asked = new Set<NodeView>()

  constructor(private readonly slots: () => readonly NodeSlots[]) {}

  /** True if a feature explains the numbers of a node. */
  get explains(): boolean {
    return this.views('explanation').length > 0
  }

  /** The short account of a node, within what features explain about it. */
  explanation(inspected: InspectedNode): unknown {
    return this.views('explanation').reduce(
      (short, view) => this.draw(view, { ...inspected, short }) ?? short,
      inspected.short,
    )
  }

  /** Return the parts below the account of a node. */
  sections(inspected: InspectedNode): unknown[] {
    return this.views('inspector').map((view) => this.draw(view, inspected))
  }

  private views(place: 'explanation' | 'inspector'): NodeView[] {
    return this.slots().flatMap((slots) => slots[place] ?? [])
  }

  private draw(view: NodeView, inspected: InspectedNode): unknown {
    if (!(view.isShown?.(inspected.node) ?? true)) return null
    if (view.load && !this.asked.has(view)) {
      this.asked.add(view)
      // the rest of the inspector does without it; the next node asks again
      view.load().catch(() => this.asked.delete(view))
    }
    return view.render(inspected)
  }
}
