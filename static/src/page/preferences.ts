/** Switches of the editor, remembered from visit to visit. */

import { readStored, writeStored } from '../core/storage'
import type { Store } from '../core/store'
import type { PageState } from './state'

type Tastes = Pick<PageState, 'live' | 'shapes'>

const KEY = 'editor'

/** Return the stored switches; a switch that was never touched is missing. */
export function readTastes(): Partial<Tastes> {
  try {
    const stored = JSON.parse(readStored(KEY) ?? '{}') as Partial<Record<keyof Tastes, unknown>> | null
    const chosen = (name: keyof Tastes) => (typeof stored?.[name] === 'boolean' ? { [name]: stored[name] } : {})
    return { ...chosen('live'), ...chosen('shapes') }
  } catch {
    return {}
  }
}

/** Switches one of them over. */
export function switchTaste(store: Store<PageState>, name: keyof Tastes): void {
  store.update({ [name]: !store.state[name] })
  const { live, shapes } = store.state
  writeStored(KEY, JSON.stringify({ live, shapes }))
}
