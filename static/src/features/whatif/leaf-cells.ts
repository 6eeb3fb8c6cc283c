/** The change of a leaf that a number on the page stands for. Pure. */

import type { Tensor } from '../../core/contract'
import { toNumber } from '../../core/numbers'
import { sizeFor } from '../../core/scrubbing'
import { elementCount } from '../../core/tensors'
import { isSame } from './leaf-changes'
import { draggableOf, graphOf, indexOf, leafNamed } from './leaf-elements'
import type { Change, WhatIfView } from './what-if-state'

/** The leaf of this name as it was before anything was touched; `shown`: as it is in the picture. */
export function recordedOf(view: WhatIfView, name: string, shown: Tensor): Tensor {
  const { recorded } = view.whatIf ?? {}
  if (!recorded || recorded.body.index !== view.iteration) return shown
  const leaf = leafNamed(graphOf(recorded.head, recorded.body), name)
  return (leaf && recorded.body.values[leaf.id]?.[0]) ?? shown
}

/** Return the element at an index of the flat data, with its changed value. */
export function cellOf(view: WhatIfView, name: string, recorded: Tensor, flat: number): Change {
  const index = indexOf(flat, recorded.shape)
  const known = view.whatIf?.changes.find((one) => isSame(one, { name, index }))
  if (known) return known
  const short = name.slice(name.indexOf('.') + 1)
  const label = elementCount(recorded.shape) === 1 ? short : `${short}[${index.join(', ')}]`
  const value = toNumber(recorded.data?.[flat] ?? Number.NaN)
  return { name, index, label, dtype: recorded.dtype, recorded: value, value }
}

/** The size that a number of this tensor is taken to have, see scrubbing.ts. */
export function sizeIn({ data }: Tensor, { recorded }: Change): number {
  const sizes = (data ?? []).map((x) => Math.abs(toNumber(x))).filter(Number.isFinite)
  return sizeFor(recorded, Math.max(0, ...sizes))
}

const known = new WeakMap<object, ReadonlySet<string>>()

/** The nodes whose single number can be dragged where it stands, on the stage: the same set for the same iteration. */
export function pullable({ head, body }: Pick<WhatIfView, 'head' | 'body'>): ReadonlySet<string> {
  if (head === null || body === null) return NONE
  const before = known.get(body)
  if (before !== undefined) return before
  const nodes = graphOf(head, body)?.nodes ?? []
  const single = nodes.filter((node) => {
    if (node.op !== null || body.values[node.id]?.[0]?.data?.length !== 1) return false
    return draggableOf(head, body, node).why === null
  })
  const found = new Set(single.map(({ id }) => id))
  known.set(body, found)
  return found
}

const NONE: ReadonlySet<string> = new Set()
