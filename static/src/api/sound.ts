/**
 * Checks of the server's answers, made once, where they arrive: the rest of the page never checks again whether an edge
 * leads to a node that exists. Pure. Every error names the fault: "edge e3: unknown target “n9”".
 */

import type { Graph, Iteration, SnapshotHead } from '../core/contract'
import { iterationNumber } from '../core/iteration-names'
import { DamagedAnswer, NewerSnapshot } from './errors'

/** The schema that this page was written for. */
export const SCHEMA_VERSION: SnapshotHead['schema_version'] = 1

const PHASES = new Set<unknown>(['forward', 'loss', 'backward', 'update'])
const KINDS = new Set<unknown>(['leaf', 'operation', 'backward', 'accumulate', 'change', 'update'])

type Thing = Record<string, unknown>

/** Remarks on incomplete snapshots, as sentences for the reader. */
const remarks = new WeakMap<SnapshotHead, string>()

/** Return the remark on a snapshot that is incomplete; null for a sound one. */
export function remarkOn(head: SnapshotHead): string | null {
  return remarks.get(head) ?? null
}

/**
 * A snapshot as far as it is sound: of a damaged one the program and what it printed are kept. Throws DamagedAnswer when not even
 * a program is there, NewerSnapshot when that may be because this page is too old.
 */
export function soundHead(body: unknown): SnapshotHead {
  const version = isThing(body) ? body.schema_version : null
  const newer = typeof version === 'number' && version > SCHEMA_VERSION ? version : null
  if (!isThing(body) || !isThing(body.program) || typeof body.program.source !== 'string')
    throw newer === null ? new DamagedAnswer('this snapshot', 'it has no program') : new NewerSnapshot(newer)
  const fault = faultOf(() => checkGraphs(body.graphs, body.iterations))
  const drawn = fault === null ? {} : { graphs: [], iterations: [], course: undefined }
  const head = { ...defaults(body), ...drawn } as unknown as SnapshotHead
  const remark = remarkFor(newer, fault)
  if (remark !== null) remarks.set(head, remark)
  return head
}

function remarkFor(newer: number | null, fault: string | null): string | null {
  const made = `This snapshot was made by a newer Gradwalk (schema ${newer}; this page reads ${SCHEMA_VERSION}).`
  if (newer !== null && fault === null)
    return `${made} What this page knows of it is shown: update Gradwalk to see all.`
  if (newer !== null)
    return `${made} Its picture cannot be drawn here: update Gradwalk. The program can be read and run.`
  if (fault === null) return null
  return `This snapshot is damaged (${fault}): its picture cannot be drawn. The program can be read and run again.`
}

/** Return harmless values for fields that are missing or wrong. */
function defaults(body: Thing): Thing {
  const list = Array.isArray(body.console) ? body.console : []
  const outcome = isThing(body.outcome) && typeof body.outcome.status === 'string' ? body.outcome : null
  return {
    ...body,
    console: list.filter((entry) => isThing(entry) && typeof entry.text === 'string'),
    outcome: outcome ?? { status: 'completed', error: null },
    truncated: isThing(body.truncated) ? body.truncated : null,
  }
}

/** Return the fault that a check finds, or null. */
function faultOf(check: () => void): string | null {
  try {
    check()
    return null
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}

/** Names what is wrong; never leaves this module. */
class Fault extends Error {}

function demand(sound: unknown, fault: string): asserts sound {
  if (!sound) throw new Fault(fault)
}

function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function things(value: unknown, what: string): Thing[] {
  demand(Array.isArray(value) && value.every(isThing), `no list of ${what}`)
  return value as Thing[]
}

function checkGraphs(graphs: unknown, iterations: unknown): void {
  const known = new Set<unknown>()
  for (const graph of things(graphs, 'graphs')) {
    checkGraph(graph)
    known.add(graph.id)
  }
  things(iterations, 'iterations').forEach(({ index, graph, steps, turns }, k) => {
    demand(index === k, `iteration ${k} is called “${String(index)}”`)
    demand(known.has(graph), `iteration ${k}: unknown graph “${String(graph)}”`)
    demand(isCount(steps), `iteration ${k}: no number of steps`)
    // a file of an older version tells none
    if (turns !== undefined) things(turns, 'turns')
  })
}

function checkGraph({ nodes, edges, groups }: Thing): void {
  const rooms = new Map(things(groups, 'groups').map((group) => [group.id, group.parent]))
  checkNesting(rooms)
  const ids = new Set<unknown>()
  for (const { id, kind, op, name, group, autograd, arguments: given } of things(nodes, 'nodes')) {
    demand(typeof id === 'string' && !ids.has(id), `node “${String(id)}” is there twice, or has no id`)
    ids.add(id)
    demand(typeof kind === 'string', `node ${id}: no kind`)
    demand(isText(op) && isText(name), `node ${id}: no name`)
    demand(group === null || rooms.has(group), `node ${id}: unknown group “${String(group)}”`)
    demand(Array.isArray(autograd) && isThing(given), `node ${id} is cut off`)
  }
  const ends: [string, string][] = []
  for (const { id, source, target, output } of things(edges, 'edges')) {
    demand(ids.has(source), `edge ${String(id)}: unknown source “${String(source)}”`)
    demand(ids.has(target), `edge ${String(id)}: unknown target “${String(target)}”`)
    demand(isCount(output), `edge ${String(id)}: no output`)
    ends.push([source as string, target as string])
  }
  demand(!goesRound(ends), 'its edges go round in a circle')
}

function checkNesting(parents: ReadonlyMap<unknown, unknown>): void {
  for (const [id, parent] of parents) {
    demand(parent === null || parents.has(parent), `group ${String(id)}: unknown parent “${String(parent)}”`)
    let [at, depth] = [parent, 0]
    while (at !== null && depth <= parents.size) {
      at = parents.get(at)
      depth += 1
    }
    demand(depth <= parents.size, `group ${String(id)} is inside itself`)
  }
}

/** Return whether the edges form a cycle. */
function goesRound(edges: readonly (readonly [string, string])[]): boolean {
  const waits = new Map<string, number>()
  const after = new Map<string, string[]>()
  for (const [source, target] of edges) {
    waits.set(target, (waits.get(target) ?? 0) + 1)
    if (!waits.has(source)) waits.set(source, 0)
    const row = after.get(source)
    if (row === undefined) after.set(source, [target])
    else row.push(target)
  }
  const ready = [...waits].flatMap(([id, count]) => (count === 0 ? [id] : []))
  let done = 0
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    done += 1
    for (const next of after.get(id) ?? []) {
      const left = (waits.get(next) ?? 0) - 1
      waits.set(next, left)
      if (left === 0) ready.push(next)
    }
  }
  return done < waits.size
}

/**
 * An iteration that fits its snapshot. `graphs`: those of the snapshot; null where they are not known, and then only what the
 * iteration says by itself is looked at. Throws DamagedAnswer.
 */
export function soundIteration(body: unknown, k: number, graphs: readonly Graph[] | null): Iteration {
  const fault = faultOf(() => checkIteration(body, k, graphs))
  if (fault !== null) throw new DamagedAnswer(iterationNumber(k), fault)
  return body as Iteration
}

function checkIteration(body: unknown, k: number, graphs: readonly Graph[] | null): void {
  demand(isThing(body), 'it is no iteration')
  demand(body.index === k, `it is iteration “${String(body.index)}”`)
  const graph = graphs?.find(({ id }) => id === body.graph)
  demand(graphs === null || graph !== undefined, `unknown graph “${String(body.graph)}”`)
  const nodes = graph && new Set<unknown>(graph.nodes.map(({ id }) => id))
  const edges = graph && new Set<unknown>(graph.edges.map(({ id }) => id))
  const isNode = (id: unknown) => nodes?.has(id) ?? typeof id === 'string'
  const isEdge = (id: unknown) => edges?.has(id) ?? typeof id === 'string'
  const passes = things(body.backward, 'backward passes')
  demand(isThing(body.values), 'it has no values')
  for (const [id, tensors] of Object.entries(body.values)) {
    demand(isNode(id), `value of an unknown node “${id}”`)
    for (const tensor of things(tensors, `values of ${id}`)) checkTensor(tensor, `value of ${id}`)
  }
  for (const pass of passes) checkPass(pass, isEdge)
  for (const change of things(body.changes ?? [], 'changes')) {
    demand(isNode(change.node), `changed gradient of an unknown node “${String(change.node)}”`)
    for (const side of ['before', 'after']) checkTensor(change[side], `changed gradient of ${String(change.node)}`)
  }
  for (const update of things(body.updates, 'updates')) {
    demand(isNode(update.node), `update of an unknown node “${String(update.node)}”`)
    for (const side of ['before', 'after']) checkTensor(update[side], `update of ${String(update.node)}`)
  }
  things(body.steps, 'steps').forEach((step, at) => {
    demand(step.index === at, `step ${at + 1} is out of place`)
    demand(PHASES.has(step.phase) && KINDS.has(step.kind), `step ${at + 1}: unknown kind “${String(step.kind)}”`)
    demand(isNode(step.node), `step ${at + 1}: unknown node “${String(step.node)}”`)
    demand(Array.isArray(step.edges) && step.edges.every(isEdge), `step ${at + 1}: unknown edge`)
    const { pass } = step
    demand(pass === null || (isCount(pass) && pass < passes.length), `step ${at + 1}: unknown pass “${String(pass)}”`)
  })
}

function checkPass({ root, roots, gradients, contributions, accumulated }: Thing, isEdge: (id: unknown) => boolean) {
  demand(isThing(root) && Array.isArray(roots), 'a backward pass without a beginning')
  demand(isThing(gradients) && isThing(contributions) && isThing(accumulated), 'a backward pass without gradients')
  for (const [id, tensors] of Object.entries(gradients)) {
    demand(Array.isArray(tensors), `no gradients of ${id}`)
    for (const tensor of tensors) if (tensor !== null) checkTensor(tensor, `gradient of ${id}`)
  }
  for (const [id, tensor] of Object.entries(contributions)) {
    demand(isEdge(id), `contribution along an unknown edge “${id}”`)
    checkTensor(tensor, `contribution along ${id}`)
  }
  for (const [id, tensor] of Object.entries(accumulated)) checkTensor(tensor, `accumulated gradient of ${id}`)
}

function checkTensor(tensor: unknown, what: string): void {
  demand(isThing(tensor), `${what} is no tensor`)
  const { shape, dtype, data } = tensor
  demand(Array.isArray(shape) && shape.every(isCount) && typeof dtype === 'string', `${what} has no shape`)
  if (data === null) return
  const count = shape.reduce((product: number, length: number) => product * length, 1)
  demand(Array.isArray(data) && data.length === count, `${what} has other numbers than its shape says`)
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string'
}
