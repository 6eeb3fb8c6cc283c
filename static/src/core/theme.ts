/** The page's theme: what the reader chose, else what the system prefers. */

import { readStored, writeStored } from './storage'

export type Theme = 'light' | 'dark'

const KEY = 'theme'

/** The theme to start with. */
export function initialTheme(): Theme {
  const stored = readStored(KEY)
  if (stored === 'light' || stored === 'dark') return stored
  return systemQuery().matches ? 'dark' : 'light'
}

/** Paints the document in `theme`. */
export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
}

/** Paints the document in `theme` and remembers it as the reader's choice. */
export function chooseTheme(theme: Theme): void {
  writeStored(KEY, theme)
  showTheme(theme)
}

/** Calls `listener` when the system changes its mind and the reader has not chosen. Returns the way to stop. */
export function followSystem(listener: (theme: Theme) => void): () => void {
  const query = systemQuery()
  const onChange = () => {
    if (readStored(KEY) === null) listener(query.matches ? 'dark' : 'light')
  }
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

function systemQuery(): MediaQueryList {
  return window.matchMedia('(prefers-color-scheme: dark)')
}
