/** Which lines of the program are marked for what is on show. Pure. */

import type { ErrorReport, Finding } from '../../core/contract'
import { nodeOf } from '../../core/labels'
import { errorOf, type PageState } from '../../page/state'
import { describeError } from '../../ui/outcome-card'
import { CALLED } from '../../walk/finding'
import type { Frame, Timeline } from '../../walk/model'
import type { Failure, Flag, Marks } from './line-marks'

export function marksOf(page: PageState, timeline: Timeline | null, frame: Frame | null): Marks {
  const line = frame?.line ?? null
  return {
    lit: line === null || !frame ? null : { line, phase: frame.phase },
    error: failureOf(errorOf(page)),
    findings: page.findings.flatMap(flagOf),
    selected: (timeline && nodeOf(timeline.graph, page.selected)?.line) ?? null,
  }
}

function flagOf({ line, severity, why, todo }: Finding): Flag[] {
  return line === null ? [] : [{ line, severity, word: CALLED[severity], why, todo }]
}

function failureOf(error: ErrorReport | null): Failure | null {
  return error?.line ? { line: error.line, message: describeError(error), hint: error.hint } : null
}
