/** The ticked choices of an open question: a click on a node that can be chosen ticks it, as the card does. */

import type { LitElement } from 'lit'
import type { Question } from '../../core/contract'
import { type Decorations, nodeDecorations, type QuestionRole, UNDECORATED } from '../../stage/decorations'
import type { PageEvents } from '../../ui/events'

export class Ticks {
  private readonly ticked = new Set<string>()
  private drawn: { key: string; decorations: Decorations } = { key: '', decorations: UNDECORATED }

  /** `open`: returns the question that waits for an answer. */
  constructor(
    private readonly host: LitElement,
    private readonly open: () => Question | null,
    private readonly changed: () => void,
  ) {
    // before the page takes the click for a selection
    host.renderRoot.addEventListener('gw-select', this.onSelect, { capture: true })
  }

  dispose(): void {
    this.host.renderRoot.removeEventListener('gw-select', this.onSelect, { capture: true })
  }

  get values(): readonly string[] {
    return [...this.ticked]
  }

  has(value: string): boolean {
    return this.ticked.has(value)
  }

  clear(): void {
    this.ticked.clear()
  }

  /** Ticks a choice or takes the tick away; where one is asked for, it takes the place of the other. */
  turn(value: string): void {
    const only = this.open()?.form === 'one'
    const was = this.ticked.has(value)
    if (only) this.ticked.clear()
    if (was && !only) this.ticked.delete(value)
    else this.ticked.add(value)
    this.changed()
  }

  /** The nodes of the open question on the stage. The same object while nothing of it changes. */
  get decorations(): Decorations {
    const question = this.open()
    if (question === null) return UNDECORATED
    const roles = new Map<string, QuestionRole>()
    if (question.node !== null) roles.set(question.node, 'asked')
    for (const { node } of question.choices)
      if (node !== null) roles.set(node, this.ticked.has(node) ? 'ticked' : 'choice')
    const key = [...roles].join(' ')
    if (key !== this.drawn.key) {
      const marks = [...roles].map(([node, role]) => [node, { question: role }] as const)
      this.drawn = { key, decorations: nodeDecorations(marks) }
    }
    return this.drawn.decorations
  }

  private readonly onSelect = (event: Event) => {
    const { node } = (event as CustomEvent<PageEvents['gw-select']>).detail
    const onStage = event.composedPath().some((one) => one instanceof Element && one.localName === 'gw-stage')
    if (node === null || !onStage || !this.open()?.choices.some((choice) => choice.node === node)) return
    event.stopPropagation()
    this.turn(node)
  }
}
