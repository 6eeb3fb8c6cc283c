/** A training as the panel shows it: the loss, and of each parameter its value and its gradient. Pure. */

import type { SnapshotHead } from '../../core/contract'
import { isEvaluation, type NamedIterations } from '../../core/iteration-names'
import { gapsBetween, lossesBehind, type RecordingGap } from '../../core/recording-gaps'
import { type Series, seriesOf } from '../../ui/chart/series'

/** One parameter over the iterations. */
export interface Multiple {
  /** The parameter's name in the program: "net.0.weight". */
  name: string
  /** The name within its group: "weight". */
  label: string
  /** The module that holds it, "net.0"; empty for a variable of the program's own. */
  group: string
  /** Its node per graph; null where the graph does not hold it. */
  nodes: readonly (string | null)[]
  low: Series
  high: Series
  /** The Euclidean norm of its gradient. */
  gradient: Series
}

export interface Training {
  /** The number of recorded iterations. */
  count: number
  iterations: NamedIterations
  /** By iteration, whether it is an evaluation: it has no loss and no gradient, and the curves pass it. */
  evaluations: readonly boolean[]
  losses: Series
  /** The losses of the backward passes that came after the recording was full: all that is known of them. */
  beyond: Series
  /** Where turns between two iterations are missing. */
  gaps: readonly RecordingGap[]
  /** In the order in which the program uses them. */
  multiples: readonly Multiple[]
}

type Head = Pick<SnapshotHead, 'iterations' | 'course'> & Partial<Pick<SnapshotHead, 'truncated'>>

/** Reads a snapshot's head. One that was stored before courses were recorded has no multiples. */
export function trainingOf({ iterations, course, truncated }: Head): Training {
  const count = iterations.length
  const multiples = (course?.leaves ?? []).map((leaf, index): Multiple => {
    const name = leaf.name ?? `parameter ${index + 1}`
    const dot = name.lastIndexOf('.')
    return {
      name,
      label: name.slice(dot + 1),
      group: name.slice(0, Math.max(0, dot)),
      nodes: leaf.nodes,
      low: seriesOf(leaf.low, count),
      high: seriesOf(leaf.high, count),
      gradient: seriesOf(leaf.gradient_norm, count),
    }
  })
  const losses = seriesOf(
    iterations.map((one) => (isEvaluation(one) ? null : one.loss)),
    count,
  )
  const after = lossesBehind(truncated, count)
  const gaps = gapsBetween(truncated, count)
  const evaluations = iterations.map(isEvaluation)
  return { count, iterations, evaluations, losses, beyond: seriesOf(after, after.length), gaps, multiples }
}

export interface Group {
  name: string
  multiples: readonly Multiple[]
}

/** The multiples whose name holds `filter`, by module, in the order of the program. Upper and lower case are the same. */
export function groupsOf(multiples: readonly Multiple[], filter = ''): Group[] {
  const wanted = filter.trim().toLowerCase()
  const groups = new Map<string, Multiple[]>()
  for (const one of multiples) {
    if (!one.name.toLowerCase().includes(wanted)) continue
    const group = groups.get(one.group)
    if (group) group.push(one)
    else groups.set(one.group, [one])
  }
  return [...groups].map(([name, members]) => ({ name, multiples: members }))
}
