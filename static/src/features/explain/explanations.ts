/** The explanations that were fetched, by their addresses; those of the steps beside this one are fetched before they are asked for. */

import type { Client } from '../../api/client'
import { isAbort, Refused } from '../../api/errors'
import type { AnyExplanation, Check, CheckRequest, Explanation } from '../../core/contract'
import type { Timeline } from '../../walk/model'
import { edgePath, type Occasion, sameElement } from './occasion'

/** The number of explanations that are cached. */
const KEPT = 400
/** More ways on than these are shown short until they are asked for. */
export const FIRST_EDGES = 4

/** The reason why an explanation is missing, as a sentence. `lasting`: a retry would not help. */
export interface Missing {
  missing: string
  lasting: boolean
}

/** The state of an address: the explanation, the reason why there is none, or null while it is unknown. */
export type AnswerFor<T extends AnyExplanation> = T | Missing | null

/** Which iteration of which snapshot is explained. */
export interface Where {
  id: string
  iteration: number
}

/** The elements that the reader has chosen at edges, by their ids. */
export type AtEdges = ReadonlyMap<string, readonly number[]>

export function isMissing(told: AnswerFor<AnyExplanation>): told is Missing {
  return told !== null && 'missing' in told
}

export class Explanations {
  private readonly known = new Map<string, AnyExplanation | Missing>()
  private readonly underWay = new Map<string, Promise<void>>()

  constructor(private readonly client: Pick<Client, 'explanation' | 'check' | 'measurement'>) {}

  /** Has a gradient checked by finite differences. Rejects as the client does. */
  check({ id, iteration }: Where, asked: Omit<CheckRequest, 'iteration'>, signal: AbortSignal): Promise<Check> {
    return this.client.check(id, { ...asked, iteration }, signal)
  }

  /** Has a local derivative measured. What is found is kept: it stands at `path` then. Rejects as the client does. */
  async measure(where: Where, path: string, signal: AbortSignal): Promise<Explanation> {
    const found = await this.client.measurement(where.id, where.iteration, path, signal)
    if (found.kind === 'measured') this.keep(keyOf(where, path), found)
    return found
  }

  /** Return the state of `path`. */
  at<T extends AnyExplanation>(where: Where, path: string): AnswerFor<T> {
    return (this.known.get(keyOf(where, path)) as T | Missing | undefined) ?? null
  }

  /** Fetches what an occasion needs, as far as it is not there. Never rejects. */
  async load(
    where: Where,
    timeline: Timeline,
    occasion: Occasion,
    atEdges: AtEdges,
    most = FIRST_EDGES,
  ): Promise<void> {
    await this.fetch(where, occasion.path)
    const paths = pathsOfEdges(this, where, timeline, occasion, atEdges).slice(0, most)
    await Promise.all(paths.map(({ path }) => this.fetch(where, path)))
  }

  private async fetch(where: Where, path: string): Promise<void> {
    const key = keyOf(where, path)
    const known = this.known.get(key)
    if (known !== undefined && (!isMissing(known) || known.lasting)) return
    const asked = this.underWay.get(key) ?? this.ask(where, path, key)
    this.underWay.set(key, asked)
    await asked
  }

  private async ask(where: Where, path: string, key: string): Promise<void> {
    try {
      this.keep(key, await this.client.explanation(where.id, where.iteration, path))
    } catch (error) {
      if (!isAbort(error)) this.keep(key, whyNot(error))
    } finally {
      this.underWay.delete(key)
    }
  }

  private keep(key: string, told: AnyExplanation | Missing): void {
    this.known.delete(key)
    this.known.set(key, told)
    for (const old of [...this.known.keys()].slice(0, -KEPT)) this.known.delete(old)
  }
}

/** Return the paths of the explanations at the edges of an occasion; none before the element of the node is known. */
export function pathsOfEdges(
  explanations: Pick<Explanations, 'at'>,
  where: Where,
  { iteration }: Timeline,
  occasion: Occasion,
  atEdges: AtEdges,
): { edge: string; path: string }[] {
  const told = explanations.at(where, occasion.path)
  const { pass } = occasion
  if (told === null || isMissing(told) || pass === null) return []
  return occasion.edges.map((edge) => {
    const shape = iteration.backward[pass]?.contributions[edge]?.shape ?? null
    return { edge, path: edgePath(edge, pass, atEdges.get(edge) ?? sameElement(occasion, told, shape)) }
  })
}

function keyOf({ id, iteration }: Where, path: string): string {
  return `${id} ${iteration} ${path}`
}

function whyNot(error: unknown): Missing {
  const missing = error instanceof Error ? error.message : String(error)
  return { missing, lasting: error instanceof Refused && error.retryAfter === null }
}
