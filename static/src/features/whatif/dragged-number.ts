/** A number that is dragged on the stage: from the way of the pointer to what the program is asked for. */

import { pulled, unitOf } from '../../core/scrubbing'
import type { PageEvents } from '../../ui/events'
import { asHeld } from './dtype-rounding'
import { cellOf, pullable, recordedOf, sizeIn } from './leaf-cells'
import { draggableOf, graphOf } from './leaf-elements'
import type { Change, WhatIfView } from './what-if-state'

export class PulledNumber {
  private hold: { node: string; cell: Change; size: number; at: number } | null = null

  /** The change that a move asks for; null where there is no number to drag. */
  change(view: WhatIfView, { node, pixels, pace, begins }: PageEvents['gw-pull']): Change | null {
    if (begins || this.hold?.node !== node) this.hold = this.take(view, node)
    const { hold } = this
    if (hold === null) return null
    const unit = unitOf(hold.size, pace)
    hold.at += pixels * unit
    return { ...hold.cell, value: asHeld(pulled(hold.cell.value, hold.at, unit), hold.cell.dtype) }
  }

  private take(view: WhatIfView, id: string): PulledNumber['hold'] {
    const { head, body } = view
    if (head === null || body === null || !pullable(view).has(id)) return null
    const node = graphOf(head, body)?.nodes.find((one) => one.id === id)
    const found = node && draggableOf(head, body, node)
    if (found?.why !== null) return null
    const recorded = recordedOf(view, found.name, found.tensor)
    const cell = cellOf(view, found.name, recorded, 0)
    if (!Number.isFinite(cell.value)) return null
    return { node: id, cell, size: sizeIn(recorded, cell), at: cell.value }
  }
}
