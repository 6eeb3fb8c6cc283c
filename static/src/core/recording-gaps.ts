/** The places where a limit has left a part of the program out: between two iterations, or behind the last one. Pure. */

import type { SnapshotHead } from './contract'

/** A stretch of the program of which only losses are known. */
export interface RecordingGap {
  /** The iteration that follows it, from 0. */
  before: number
  /** How many backward passes of it are known by their losses. */
  passes: number
}

type Truncated = SnapshotHead['truncated']

/** The gaps between iterations, in order. A snapshot of an older version has none. */
export function gapsBetween(truncated: Truncated | undefined, count: number): RecordingGap[] {
  return (truncated?.gaps ?? [])
    .filter(({ before }) => before > 0 && before < count)
    .map(({ before, losses }) => ({ before, passes: losses?.length ?? 0 }))
}

/** The gaps between the iterations of a snapshot. */
export function gapsIn(head: Pick<SnapshotHead, 'iterations' | 'truncated'> | null): RecordingGap[] {
  return gapsBetween(head?.truncated, head?.iterations.length ?? 0)
}

/** The losses of what came after the last iteration. */
export function lossesBehind(truncated: Truncated | undefined, count: number) {
  const gaps = truncated?.gaps ?? []
  if (gaps.length === 0) return truncated?.losses ?? []
  return gaps.filter(({ before }) => before >= count).flatMap(({ losses }) => losses ?? [])
}

/** Return what stands at a gap: "48 passes not recorded". */
export function gapText({ passes }: RecordingGap): string {
  return passes === 0 ? 'not recorded' : `${passes} ${passes === 1 ? 'pass' : 'passes'} not recorded`
}
