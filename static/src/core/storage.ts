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

/** The keys that begin with `start`. */
export function storedKeys(start: string): string[] {
  try {
    const { localStorage } = window
    const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '')
    return keys.filter((key) => key.startsWith(PREFIX + start)).map((key) => key.slice(PREFIX.length))
  } catch {
    return []
  }
}

/** The key behind a storage event of this page's; null for those of others. */
export function keyOf({ key }: StorageEvent): string | null {
  return key?.startsWith(PREFIX) ? key.slice(PREFIX.length) : null
}

export function removeStored(key: string): void {
  try {
    window.localStorage.removeItem(PREFIX + key)
  } catch {
    // Nothing was stored, so nothing is left.
  }
}
