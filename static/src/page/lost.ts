/** The sentence that says that a part of the page could not be loaded. */

/** `name`: the part, as the beginning of a sentence. */
export function lostText(name: string): string {
  return `${name} could not be loaded: the server cannot be reached. The rest of the page still works; ask again when the server is back.`
}
