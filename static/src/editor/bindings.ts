/** Which node a name of the program means at a step: the one that it was last bound to by then. Pure. */

import type { Node } from '../api/types'
import type { Timeline } from '../timeline/timeline'
import { type Call, type Outline, type Scope, scopeAt } from './outline'

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

/** What a name means: `bound` by this step, or null; `next`: when it is bound again, or for the first time. */
export interface Meaning {
  bound: Bound | null
  next: Bound | null
}

/** Names that hold the same at every step: who asks for several names of one run asks the same `Bindings`. */
export class Bindings {
  private readonly events = new Map<Scope, Map<string, Bound[]>>()
  private readonly order: readonly Bound[]
  private readonly names: ReadonlyMap<string, readonly string[]>

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
    const here = pick(
      own.filter((event) => event.step >= call.step),
      until,
    )
    if (here?.bound || !scope.parameters.includes(name)) return here
    const given = depth < 8 ? this.argument(scope, name, call, depth) : null
    return given ? { bound: given, next: here?.next ?? null } : here
  }

  /** The latest call of a function that has begun: its first node. Null when there is none. */
  private activation(scope: Scope, until: number): Bound | null {
    let began: Bound | null = null
    let before: readonly number[] | null = null
    for (const event of this.order) {
      if (event.since > until) break
      const frames = linesOf(event.node)
      const depth = frames.findIndex((line) => scopeAt(this.outline, line) === scope)
      const callers = depth === -1 ? null : frames.slice(0, depth)
      if (callers && callers.join() !== before?.join()) began = event
      before = callers
    }
    return began
  }

  /** What a call gives for a parameter, where a plain variable is given. */
  private argument(scope: Scope, name: string, began: Bound, depth: number): Bound | null {
    const frames = linesOf(began.node)
    const at = frames.findIndex((line) => scopeAt(this.outline, line) === scope)
    const line = frames[at - 1]
    const call = line === undefined ? null : this.callOf(scope, line)
    if (line === undefined || call === null) return null
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
    for (const binding of this.outline.bindings) {
      if (!binding.call) continue
      const within = (line: number) => binding.from <= line && line <= binding.to
      let run: Bound[] = []
      for (const event of [...this.order, null]) {
        const callers = event?.node.path ?? []
        if (event && callers.some(({ line }) => within(line))) run.push(event)
        else if (run.length > 0) {
          this.addResult(binding.scope, binding.name, binding.from, run, within)
          run = []
        }
      }
    }
  }

  private addResult(scope: Scope, name: string, line: number, run: Bound[], within: (line: number) => boolean): void {
    const result = this.returned(run, within)
    const last = run.at(-1)
    if (!result || !last) return
    const known = this.eventsOf(scope, name).some((one) => one.node.id === result.node.id)
    if (!known) this.add(scope, name, { ...result, step: last.step, since: last.since, line })
  }

  /** Among the nodes of a call, the one that it gives back. */
  private returned(run: readonly Bound[], within: (line: number) => boolean): Bound | null {
    const last = run.at(-1)
    if (!last) return null
    const frames = linesOf(last.node)
    const callee = scopeAt(
      this.outline,
      frames[frames.findLastIndex((line, i) => i < frames.length - 1 && within(line)) + 1] ?? 0,
    )
    const statement = callee.returns.at(-1)
    if (!statement) return null
    if (statement.name !== null) {
      const name = statement.name
      return run.findLast(({ node }) => this.names.get(node.id)?.[0] === name) ?? null
    }
    return (
      run.findLast(({ node }) => linesOf(node).some((line) => statement.from <= line && line <= statement.to)) ?? null
    )
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
