/** The panels: their sizes, remembered from visit to visit, in pixels (0 is closed); and their tabs on a small screen. */

import { readStored, writeStored } from '../core/storage'

export interface PanelSizes {
  program: number
  console: number
  inspector: number
  training: number
}

export const USUAL: PanelSizes = { program: 355, console: 110, inspector: 300, training: 240 }

/** The sizes at the first visit: the picture gets the space. */
const FIRST: PanelSizes = { ...USUAL, training: 0 }

/** The views of a small screen, which shows one at a time. */
export type View = 'stage' | 'program' | 'side' | 'training'

export const VIEWS: readonly [View, string][] = [
  ['stage', 'Picture'],
  ['program', 'Program'],
  ['side', 'Details'],
  ['training', 'Training'],
]

const KEY = 'panels'

export function readSizes(): PanelSizes {
  try {
    const stored: unknown = JSON.parse(readStored(KEY) ?? '{}')
    const sizes = { ...FIRST, ...(stored as Partial<PanelSizes>) }
    return Object.values(sizes).every((size) => Number.isFinite(size) && size >= 0) ? sizes : FIRST
  } catch {
    return FIRST
  }
}

export function keepSizes(sizes: PanelSizes): void {
  writeStored(KEY, JSON.stringify(sizes))
}
