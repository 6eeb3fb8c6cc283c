/** The nodes that names of the program are bound to: at a step, a name means the node that it was last bound to. Pure. */

import type { Node } from '../../core/contract'
import { type Call, type Outline, type Scope, scopeAt } from '../../core/python-outline'
import type { Timeline } from '../../walk/model'

/**
 * A name has meant this node since a step, from 0. `line`: what binds it, from 1. `since`: the same step, and a half
 * more where the step makes the node: what it takes was there before.
 */
export interface Bound {
  node: Node
  output: number
  step: number
  since: number
  line: number | null
}

/** The meaning of a name. `bound`: its value at this step, or null; `next`: the next time it is bound. */
export interface Meaning {
  bound: Bound | null
  next: Bound | null
}

/** Calls within calls through which a parameter is followed. */
const DEEPEST = 8

/** Names that hold the same at every step: who asks for several names of one run asks the same `Bindings`. */
export class Bindings {
  private readonly events = new Map<Scope, Map<string, Bound[]>>()
  private readonly order: readonly Bound[]
  private readonly names: ReadonlyMap<string, readonly string[]>
  private readonly calls = new Map<Scope, readonly (readonly Bound[])[]>()

  constructor(
    timeline: Timeline,
    private readonly outline: Outline,
  ) {
    this.order = appearances(timeline)
    this.names = namesOf(timeline)
    this.gatherNames()
    this.gatherResults()
  }

  /**
   * What `name` ("w", "net.fc1.weight", "self.h") means on `line`, from 1, at `step`, from 0. Null when no tensor of
   * that name was recorded.
   */
  meaning(name: string, line: number, step: number): Meaning | null {
    return this.meaningIn(name, scopeAt(this.outline, line), step + 0.5, 0)
  }

  private meaningIn(name: string, scope: Scope, until: number, depth: number): Meaning | null {
    if (name.startsWith('self.')) return pick(this.ofObject(name.slice('self.'.length)), until)
    if (name.includes('.'))
      return pick(
        this.every((other) => other === name),
        until,
      )
    if (scope.name === '' || !scope.names.has(name)) return pick(this.eventsOf(this.outline.scopes[0]!, name), until)
    const call = this.activation(scope, until)
    const own = this.eventsOf(scope, name)
    if (call === null) return pick(own, until)
    const isParameter = scope.parameters.includes(name)
    const given = isParameter && depth < DEEPEST ? this.argument(scope, name, call, depth) : null
    const isRebound = this.outline.bindings.some((one) => one.scope === scope && one.name === name)
    // what a call is given was made before it: the recorder names a tensor by its first use, also in a later call
    if (isParameter && !isRebound) return given ? { bound: given, next: null } : pick(before(own, call), until)
    const here = pick(
      own.filter(({ step }) => step >= call.step),
      until,
    )
    return here?.bound || !given ? here : { bound: given, next: here?.next ?? null }
  }

  /** Return the latest call of a function that has begun: its first operation. Null when there is none. */
  private activation(scope: Scope, until: number): Bound | null {
    return this.callsOf(scope).findLast(([first]) => first!.since <= until)?.[0] ?? null
  }

  /** The calls of a function in their order: the operations that each has made. */
  private callsOf(scope: Scope): readonly (readonly Bound[])[] {
    const known = this.calls.get(scope)
    if (known) return known
    const found: Bound[][] = []
    let before: { callers: string; line: number; first: Bound; began: number } | null = null
    for (const event of this.order) {
      if (event.node.kind !== 'operation') continue
      const frames = linesOf(event.node)
      const depth = frames.findIndex((one) => scopeAt(this.outline, one) === scope)
      const line = frames[depth]
      if (line === undefined) before = null
      else {
        const callers = frames.slice(0, depth).join()
        const goesOn: boolean =
          before !== null && before.callers === callers && !this.isAnew(scope, before, line, event)
        if (goesOn) found.at(-1)?.push(event)
        else found.push([event])
        const began: number = goesOn && before ? before.began : line
        before = { callers, line, began, first: goesOn && before ? before.first : event }
      }
    }
    this.calls.set(scope, found)
    return found
  }

  /** Return whether a function that one line calls repeatedly starts again: the line number goes back, outside of a loop. */
  private isAnew(
    scope: Scope,
    before: { line: number; first: Bound; began: number },
    line: number,
    event: Bound,
  ): boolean {
    if (line > before.line) return false
    const inside = ({ from, to }: { from: number; to: number }) => from >= scope.from && to <= scope.to
    const spans = ({ from, to }: { from: number; to: number }) => from <= line && before.line <= to
    if (this.outline.loops.some((loop) => inside(loop) && spans(loop))) return false
    return line < before.line || (line === before.began && event.node.op === before.first.node.op)
  }

  /** Return the argument of a call for a parameter, if the argument is a plain variable. */
  private argument(scope: Scope, name: string, began: Bound, depth: number): Bound | null {
    const line = this.callerOf(scope, began)
    const call = line === null ? null : this.callOf(scope, line)
    if (line === null || call === null) return null
    const parameters = scope.parameters[0] === 'self' ? scope.parameters.slice(1) : scope.parameters
    const given = call.named.get(name) ?? call.positional[parameters.indexOf(name)]
    if (!given) return null
    return this.meaningIn(given, scopeAt(this.outline, line), began.step, depth + 1)?.bound ?? null
  }

  /** The only call on a line that can be one of `scope`: by its name, or of an object that forward belongs to. */
  private callOf(scope: Scope, line: number): Call | null {
    const { calls, imports } = this.outline
    const here = calls.filter(({ from, to }) => from <= line && line <= to)
    const wanted = here.filter(({ callee }) => {
      const parts = callee.split('.')
      if (parts.at(-1) === scope.name) return true
      return scope.name === 'forward' && !imports.has(parts[0] ?? '') && parts[0] !== 'print'
    })
    return wanted.length === 1 ? (wanted[0] ?? null) : null
  }

  /** Names that the recording knows. */
  private gatherNames(): void {
    for (const event of this.order)
      this.names.get(event.node.id)?.forEach((name, output) => {
        this.add(this.scopeOf(name, event.node), name, { ...event, output })
      })
  }

  /** `y = f(x)` with an own function: what f returned is y's from then on, whatever f calls it. */
  private gatherResults(): void {
    const bindings = this.outline.bindings.filter(({ call }) => call)
    for (const scope of this.outline.scopes.slice(1))
      for (const call of this.callsOf(scope)) {
        const line = this.callerOf(scope, call[0]!)
        const binding = bindings.find(({ from, to }) => line !== null && from <= line && line <= to)
        const result = binding && returned(scope, call, this.names)
        const last = call.at(-1)
        if (!binding || !result || !last) continue
        const isKnown = this.eventsOf(binding.scope, binding.name).some(({ node }) => node === result.node)
        if (isKnown) continue
        const { step, since } = last
        this.add(binding.scope, binding.name, { ...result, step, since, line: binding.from })
      }
  }

  /** The line from which a function was called; null where no line of the program did. */
  private callerOf(scope: Scope, { node }: Bound): number | null {
    const frames = linesOf(node)
    return frames[frames.findIndex((line) => scopeAt(this.outline, line) === scope) - 1] ?? null
  }

  /** The function whose variable a recorded name is: the innermost on the way to the node that binds it. */
  private scopeOf(name: string, node: Node): Scope {
    const program = this.outline.scopes[0]!
    const scopes = linesOf(node).map((line) => scopeAt(this.outline, line))
    return scopes.findLast((scope) => scope.names.has(name)) ?? program
  }

  private add(scope: Scope, name: string, event: Bound): void {
    const names = this.events.get(scope) ?? new Map<string, Bound[]>()
    this.events.set(scope, names)
    const row = names.get(name) ?? []
    names.set(name, row)
    const at = row.findLastIndex((one) => one.since <= event.since)
    row.splice(at + 1, 0, event)
  }

  private eventsOf(scope: Scope, name: string): readonly Bound[] {
    return this.events.get(scope)?.get(name) ?? []
  }

  /** `self.w`: recorded as `net.w` when it is a parameter, as `w` when a method assigned it. */
  private ofObject(rest: string): Bound[] {
    return this.every((other) => other === rest || other.endsWith(`.${rest}`))
  }

  private every(wanted: (name: string) => boolean): Bound[] {
    const rows = [...this.events.values()].flatMap((names) => [...names].filter(([name]) => wanted(name)))
    return rows.flatMap(([, row]) => row).sort((a, b) => a.since - b.since)
  }
}

function before(events: readonly Bound[], call: Bound): readonly Bound[] {
  return events.filter(({ since }) => since < call.since)
}

/** Among the operations of a call, the one whose result it gives back; null where the text does not tell. */
function returned(
  { returns }: Scope,
  call: readonly Bound[],
  names: ReadonlyMap<string, readonly string[]>,
): Bound | null {
  const statement = returns.at(-1)
  if (statement === undefined) return null
  const { from, to, name } = statement
  if (name !== null) return call.findLast(({ node }) => names.get(node.id)?.[0] === name) ?? null
  return call.findLast(({ node }) => linesOf(node).some((line) => from <= line && line <= to)) ?? null
}

function pick(events: readonly Bound[], until: number): Meaning | null {
  if (events.length === 0) return null
  const bound = events.findLast((event) => event.since <= until) ?? null
  return { bound, next: events.find((event) => event.since > until) ?? null }
}

/** Every node with a value, in the order in which the values appear. */
function appearances(timeline: Timeline): Bound[] {
  const found = timeline.graph.nodes.flatMap((node): Bound[] => {
    const first = timeline.values.get(node.id)?.[0]
    if (first === undefined) return []
    const since = first.atStart ? first.step : first.step + 0.5
    return [{ node, output: 0, step: first.step, since, line: node.line }]
  })
  return found.sort((a, b) => a.since - b.since)
}

/** The lines of the program that lead to a node, outermost first. */
function linesOf({ path, line }: Node): number[] {
  return [...path.map((frame) => frame.line), ...(line === null ? [] : [line])]
}

/** Per node, the names of its outputs; what changes a tensor in place has the tensor's name. */
function namesOf({ graph }: Timeline): Map<string, readonly string[]> {
  const sources = new Map<string, string>()
  for (const { target, source } of graph.edges) if (!sources.has(target)) sources.set(target, source)
  const names = new Map<string, readonly string[]>()
  for (const { id, name, op } of graph.nodes) {
    const inherited = IN_PLACE.test(op ?? '') ? names.get(sources.get(id) ?? '') : undefined
    names.set(id, name?.split(', ') ?? inherited ?? [])
  }
  return names
}

/** `add_`, `__setitem__`, `__iadd__`. */
const IN_PLACE = /([^_]_|^__setitem__|^__i\w+__)$/
