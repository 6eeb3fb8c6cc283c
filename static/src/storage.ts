/** localStorage that may be forbidden, full or damaged: then nothing is remembered and nothing breaks. */

const PREFIX = 'gradwalk:'

export function readStored(key: string): string | null {
  try {
    return window.localStorage.getItem(PREFIX + key)
  } catch {
    return null
  }
}

/** Returns whether it was stored. */
export function writeStored(key: string, text: string): boolean {
  try {
    window.localStorage.setItem(PREFIX + key, text)
    return true
  } catch {
    return false
  }
}

export function removeStored(key: string): void {
  try {
    window.localStorage.removeItem(PREFIX + key)
  } catch {
    // Nothing was stored, so nothing is left.
  }
}
