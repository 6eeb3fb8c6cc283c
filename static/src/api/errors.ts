/** Errors between the page and the server, each with a sentence for the reader. */

import type { Problem } from '../core/contract'

/** The base of every error of the API client. `message` says what happened and what still works. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError'
}

/** The server could not be reached. */
export class NetworkError extends ApiError {
  override readonly name = 'NetworkError'
  constructor() {
    super(
      'The server cannot be reached. Nothing is lost: your program stays here, and what is loaded can be walked through.',
    )
  }
}

/** The answer is not what the contract says: cut off, damaged, or of another version. */
export class DamagedAnswer extends ApiError {
  override readonly name = 'DamagedAnswer'
  /** `fault`: what is wrong with it, where that can be said. */
  constructor(what: string, fault: string | null = null) {
    super(`The server's answer for ${what} is damaged${fault === null ? '' : ` (${fault})`}. Trying again may help.`)
  }
}

/** A snapshot of which this page understands nothing. */
export class NewerSnapshot extends ApiError {
  override readonly name = 'NewerSnapshot'
  constructor(schema: number) {
    super(
      `This snapshot was made by a newer Gradwalk (schema ${schema}) and cannot be shown here: update Gradwalk. What is on show stays.`,
    )
  }
}

/** An answer that no browser could hold. `most`: bytes. */
export class TooLarge extends ApiError {
  override readonly name = 'TooLarge'
  constructor(what: string, most: number) {
    const size = Math.floor(most / 1_000_000).toLocaleString('en')
    super(
      `The server's answer for ${what} is larger than the ${size} MB that this page can hold: it is not loaded. Everything else works. Fewer or smaller tensors make a smaller recording.`,
    )
  }
}

/** The server refused (RFC 9457). `retryAfter`: seconds, where waiting helps. */
export class Refused extends ApiError {
  override readonly name = 'Refused'
  constructor(
    readonly problem: Problem,
    readonly retryAfter: number | null,
  ) {
    super(retryAfter === null ? problem.detail : `${problem.detail} Try again in ${retryAfter} s.`)
  }
}

/** Return whether the data cannot be read, now or later: the rest may still be shown. */
export function isUnreadable(error: unknown): error is ApiError {
  if (error instanceof Refused) return error.problem.status === 413
  return error instanceof DamagedAnswer || error instanceof TooLarge
}

/** Return whether trying again may help. */
export function mayPass(error: unknown): boolean {
  return error instanceof NetworkError || error instanceof DamagedAnswer
}

/** Return whether an error only says that the reader changed their mind. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
