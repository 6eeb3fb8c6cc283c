/** The sizes of the panels, remembered from visit to visit. Pixels; 0 is closed. */

import { readStored, writeStored } from '../storage'

export interface PanelSizes {
  program: number
  console: number
  inspector: number
}

export const USUAL: PanelSizes = { program: 355, console: 110, inspector: 300 }

const KEY = 'panels'

export function readSizes(): PanelSizes {
  try {
    const stored: unknown = JSON.parse(readStored(KEY) ?? '{}')
    const sizes = { ...USUAL, ...(stored as Partial<PanelSizes>) }
    return Object.values(sizes).every((size) => Number.isFinite(size) && size >= 0) ? sizes : USUAL
  } catch {
    return USUAL
  }
}

export function keepSizes(sizes: PanelSizes): void {
  writeStored(KEY, JSON.stringify(sizes))
}
