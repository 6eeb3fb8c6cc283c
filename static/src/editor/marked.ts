/** Which lines of the program are marked for what is on show. Pure. */

import type { ErrorReport } from '../api/types'
import { describeError } from '../console/outcome-card'
import { nodeOf } from '../inspector/labels'
import { errorOf, type PageState } from '../state/page'
import type { Frame, Timeline } from '../timeline/timeline'
import type { Failure, Marks } from './marks'

export function marksOf(page: PageState, timeline: Timeline | null, frame: Frame | null): Marks {
  const line = frame?.line ?? null
  return {
    lit: line === null || !frame ? null : { line, phase: frame.phase },
    error: failureOf(errorOf(page)),
    selected: (timeline && nodeOf(timeline.graph, page.selected)?.line) ?? null,
  }
}

function failureOf(error: ErrorReport | null): Failure | null {
  return error?.line ? { line: error.line, message: describeError(error), hint: error.hint } : null
}
