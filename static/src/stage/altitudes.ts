/** The registry of altitudes, from the highest down. */

import type { AltitudeKind } from './altitude'
import { program } from './program/program-altitude'

export const ALTITUDES: readonly [AltitudeKind, ...AltitudeKind[]] = [program]

/** Return the altitude of an id; the first one when there is no such altitude. */
export function altitudeKind(id: string): AltitudeKind {
  return ALTITUDES.find((one) => one.id === id) ?? ALTITUDES[0]
}
