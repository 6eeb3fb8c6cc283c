/** The program that was run, kept beside the text that is being edited: which line is still which. */

import { StateEffect, StateField } from '@codemirror/state'
import { lineAfterEdit, originalLines } from '../../core/line-diff'
import { type Outline, outlineOf } from '../../core/python-outline'
import type { Timeline } from '../../walk/model'
import { Bindings } from './bindings'

/** A run and where the walk through it stands. `step`: from 0. */
export interface Walked {
  source: string
  timeline: Timeline | null
  step: number
}

export const setWalked = StateEffect.define<Walked>()

/** The run, with what is read out of it when somebody asks. */
export class Ran {
  private read: Outline | null = null
  private names: Bindings | null = null

  constructor(
    readonly walked: Walked,
    /** Per line of the text, its line in the run; null where it was edited. */
    readonly origins: readonly (number | null)[],
    before: Ran | null,
  ) {
    if (before?.walked.source !== walked.source) return
    this.read = before.read
    if (before.walked.timeline === walked.timeline) this.names = before.names
  }

  get outline(): Outline {
    this.read ??= outlineOf(this.walked.source)
    return this.read
  }

  get bindings(): Bindings | null {
    const { timeline } = this.walked
    if (timeline) this.names ??= new Bindings(timeline, this.outline)
    return this.names
  }

  /** The line of the run that a line of the text is, or stands behind. */
  lineBehind(line: number): number {
    return this.origins.slice(0, line).findLast((origin) => origin !== null) ?? 1
  }

  /** Return the line of the text where a line of the run stands; null when it was edited. */
  lineAfterEdit(line: number): number | null {
    return lineAfterEdit(this.origins, line)
  }
}

export const ran = StateField.define<Ran>({
  create: (state) => new Ran({ source: state.doc.toString(), timeline: null, step: 0 }, [], null),
  update: (before, transaction) => {
    const walked = transaction.effects.findLast((one) => one.is(setWalked))?.value as Walked | undefined
    if (walked === undefined && !transaction.docChanged) return before
    const now = walked ?? before.walked
    const known = now.source === before.walked.source && !transaction.docChanged && before.origins.length > 0
    return new Ran(now, known ? before.origins : originalLines(now.source, transaction.state.doc.toString()), before)
  },
})
