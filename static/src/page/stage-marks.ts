/** What is marked at the nodes on the stage: where playing stops, and what goes wrong. */

import { type Marked, UNMARKED } from '../stage/program/node-marks'
import { marksIn } from '../walk/finding'
import type { Page } from './context'

export class StageMarks {
  private marks: Marked = UNMARKED

  constructor(private readonly page: Pick<Page, 'store' | 'walk'>) {}

  /** What stands at the nodes of the graph on show. The same object while nothing of it changes. */
  get marked(): Marked {
    const { breakpoints, findings } = this.page.store.state
    const found = findings.length === 0 ? UNMARKED.findings : marksIn(findings, this.page.walk.timeline?.graph.id ?? -1)
    const same = [...found].every(([node, severity]) => this.marks.findings.get(node) === severity)
    if (!same || found.size !== this.marks.findings.size || this.marks.stops !== breakpoints)
      this.marks = { stops: breakpoints, findings: found }
    return this.marks
  }
}
