/**
 * A snapshot that a page carries inside itself. It answers as the server would, so that all that reads snapshots reads this one:
 * the page may have been opened from a disk, without any network.
 */

import { parseVisibly } from '../api/visible-text'
import type { SnapshotHead } from '../core/contract'
import { atStart, iterationName, iterationRange, type NamedIterations } from '../core/iteration-names'

const HEAD = 'gradwalk-snapshot'

export interface Embedded {
  /** The snapshot's id. */
  id: string
  /** The indices of the iterations that are inside, in their order. */
  iterations: readonly number[]
  /** To be asked for `/snapshots/{id}`, its iterations and its tensors. */
  fetch(url: string): Promise<Response>
}

/** Return the snapshot embedded in a document; null without one. */
export function embeddedIn(document: Document): Embedded | null {
  const head = document.getElementById(HEAD)
  if (head === null) return null
  const parts = (kind: string) =>
    [...document.querySelectorAll<HTMLElement>(`script[data-${kind}]`)].map(
      (part) => [part.dataset[kind], part] as const,
    )
  const iterations = new Map(parts('iteration'))
  const observations = new Map(parts('observations'))
  const tensors = new Map(parts('tensor'))
  const held = [...iterations.keys()].map(Number)
  return {
    id: head.dataset.id ?? '',
    iterations: held,
    fetch: async (url) => {
      const [, what, , room, name, part] = url.split('/')
      if (what === 'snapshots' && room === undefined) return answer(head)
      if (part === 'observations') return answer(observations.get(name)) ?? missing(UNOBSERVED)
      if (room === 'iterations')
        return answer(iterations.get(name)) ?? missing(iterationMissing(Number(name), held, iterationsIn(head)))
      if (room === 'tensors') return answer(tensors.get(name)) ?? missing(TENSOR_MISSING)
      return missing('This file holds a snapshot and nothing else.')
    },
  }
}

function answer(part: HTMLElement): Response
function answer(part: HTMLElement | undefined): Response | null
function answer(part: HTMLElement | undefined): Response | null {
  return part === undefined ? null : new Response(part.textContent)
}

function missing(detail: string): Response {
  return new Response(JSON.stringify({ code: 'not_in_file', detail }), { status: 404 })
}

function iterationsIn(head: HTMLElement): NamedIterations {
  return (parseVisibly(head.textContent ?? '') as SnapshotHead).iterations
}

const UNOBSERVED = 'This file does not hold what is remarkable in this iteration.'
const TENSOR_MISSING = 'This file does not hold all numbers of so large a tensor; its statistics are here.'

/** Return the sentence about iteration `index` of `all`, from 0, of which the file holds only some. */
export function iterationMissing(index: number, held: readonly number[], all: NamedIterations): string {
  const [first, last] = [held[0], held.at(-1)]
  if (first === undefined || last === undefined) return 'This file holds no iteration.'
  const what = iterationRange(all, first, last) + (first === last ? ' only' : '')
  return `${atStart(iterationName(all, index))} is not in this file: it holds ${what}, which can be walked through.`
}
