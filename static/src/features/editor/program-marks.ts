/** The marks at lines of the program for the step on show. Pure. */

import type { ErrorReport, Finding } from '../../core/contract'
import { nodeOf } from '../../core/labels'
import { errorOf, type PageState } from '../../page/state'
import { describeError } from '../../ui/outcome-card'
import { CALLED } from '../../walk/finding'
import type { Timeline } from '../../walk/model'
import { lineOf } from '../../walk/timeline'
import type { Failure, Flag, Marks } from './line-marks'

export function marksOf(page: PageState, timeline: Timeline | null): Marks {
  const step = timeline?.steps[page.step]
  const line = (timeline && step && lineOf(timeline, step)) ?? null
  return {
    lit: line === null || !step ? null : { line, phase: step.phase },
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
