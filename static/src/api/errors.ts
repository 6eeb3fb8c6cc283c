/** What can go wrong between the page and the server, each with a sentence for the reader. */

import type { Problem } from './types'

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
  constructor(what: string) {
    super(`The server's answer for ${what} is damaged. Trying again may help.`)
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

/** Whether an error only says that the reader changed their mind. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
