/** A frame of the timeline as a view shows it: nodes become the cards that hold them, and edges become wires. Pure. */

import type { Tensor } from '../../core/contract'
import type { Frame, Travel } from '../../walk/model'
import { outputOf } from './card-facts'
import type { View } from './graph-view'

/** A frame whose ids are those of cards and wires. While a step happens inside a closed fold, the fold is active. */
export interface Seen extends Omit<Frame, 'travels'> {
  travels: readonly SeenTravel[]
  /** The wires along which a gradient has come back. */
  carried: ReadonlySet<string>
  /** The node of the step, also when a closed fold hides it. */
  node: string
}

export interface SeenTravel extends Travel {
  /** The number of tensors that move along the wire together; `tensor` is the first of them. */
  count: number
}

type Standing = Pick<Seen, 'values' | 'gradients' | 'accumulated' | 'carried' | 'flow' | 'origins'>

/** The last result for each view: the numbers change a few times per step, and frames come many times a second. */
const last = new WeakMap<View, { frame: Frame; standing: Standing }>()

/** Return a frame as a view shows it. */
export function seenIn(view: View, frame: Frame): Seen {
  const node = frame.active
  const shown = (id: string) => view.holders.get(id) ?? id
  return {
    ...frame,
    ...standingIn(view, frame),
    node,
    active: shown(node),
    travels: travelsIn(view, frame),
    litEdges: new Set([...frame.litEdges].flatMap((edge) => view.wireOf.get(edge) ?? [])),
    sum: tellable(view, frame.sum),
    notes: notesIn(view, frame.notes),
    staleGradient: tellable(view, frame.staleGradient),
    update: tellable(view, frame.update),
  }
}

function standingIn(view: View, frame: Frame): Standing {
  const before = last.get(view)
  const same =
    before?.frame.values === frame.values &&
    before.frame.gradients === frame.gradients &&
    before.frame.accumulated === frame.accumulated &&
    before.frame.flow === frame.flow
  if (before !== undefined && same) return before.standing
  const values = new Map<string, readonly Tensor[]>()
  const [gradients, accumulated] = [new Map<string, Tensor>(), new Map<string, Tensor>()]
  for (const card of view.cards) {
    const source = outputOf(card)
    if (source === null) continue
    const all = frame.values.get(source.node)
    const value = all?.[source.output]
    if (all && value) values.set(card.id, source.output === 0 ? all : [value])
    // a frame has the gradients of first outputs only
    const [gradient, grown] = [frame.gradients.get(source.node), frame.accumulated.get(source.node)]
    if (source.output !== 0) continue
    if (gradient) gradients.set(card.id, gradient)
    if (grown) accumulated.set(card.id, grown)
  }
  const standing = { values, gradients, accumulated, carried: carriedIn(view, frame), ...oddIn(view, frame) }
  last.set(view, { frame, standing })
  return standing
}

function carriedIn(view: View, { gradients }: Frame): Set<string> {
  const carried = new Set<string>()
  if (gradients.size === 0) return carried
  for (const { id, source, target } of view.graph.edges) {
    const wire = view.wireOf.get(id)
    if (wire !== undefined && gradients.has(source) && gradients.has(target)) carried.add(wire)
  }
  return carried
}

/** Return the anomalies by wire: it is zero when everything that came back is zero, and non-finite when anything is not finite. */
function oddIn(view: View, { flow, origins }: Frame): Pick<Seen, 'flow' | 'origins'> {
  if (flow.zeroEdges.size + flow.nonFiniteEdges.size + origins.length === 0) return { flow, origins }
  const wires = (edges: ReadonlySet<string>) => new Set([...edges].flatMap((edge) => view.wireOf.get(edge) ?? []))
  const zeroEdges = wires(flow.zeroEdges)
  for (const { id, edges } of view.wires)
    if (zeroEdges.has(id) && !edges.every((edge) => flow.zeroEdges.has(edge))) zeroEdges.delete(id)
  const shown = origins.map((one) => ({ ...one, node: view.holders.get(one.node) ?? one.node }))
  return { flow: { zeroEdges, nonFiniteEdges: wires(flow.nonFiniteEdges) }, origins: shown }
}

function travelsIn(view: View, frame: Frame): SeenTravel[] {
  const travels = new Map<string, SeenTravel>()
  for (const travel of frame.travels) {
    const wire = view.wireOf.get(travel.edge)
    if (wire === undefined) continue
    const known = travels.get(wire)
    travels.set(wire, { ...(known ?? { ...travel, edge: wire }), count: (known?.count ?? 0) + 1 })
  }
  return [...travels.values()]
}

/** Return a remark, unless a closed fold hides its node: the card would show the numbers of another node. */
function tellable<T extends { node: string }>(view: View, told: T | null): T | null {
  return told !== null && view.holders.get(told.node) === told.node ? told : null
}

/** Return the notes of wires that have one note. A wire of several edges has several products, of which none can be told. */
function notesIn(view: View, notes: Frame['notes']): Frame['notes'] {
  const told = new Map<string, { edge: string; text: string }[]>()
  for (const note of notes) {
    const wire = view.wireOf.get(note.edge)
    if (wire !== undefined) told.set(wire, [...(told.get(wire) ?? []), { ...note, edge: wire }])
  }
  return [...told.values()].flatMap((row) => (row.length === 1 ? row : []))
}
