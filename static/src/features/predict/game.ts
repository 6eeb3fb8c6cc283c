/** The game of predictions: the questions of the iteration on show, the answers, and their verdicts, one at a time. */

import { isAbort } from '../../api/errors'
import type { Given, Question, QuestionList, Verdict } from '../../core/contract'
import type { Page } from '../../page/context'
import type { PageState } from '../../page/state'
import type { Decorations } from '../../stage/decorations'
import { send } from '../../ui/events'
import type { Frame } from '../../walk/model'
import { keepResults, type Results, readResults, type Score, scoreOf, withResult } from './prediction-score'
import { askedAt, heldAt, nextStop } from './question-stops'
import { Ticks } from './ticks'

/** The verdict on an answer, until the reader goes on. */
export interface Judged {
  question: Question
  given: Given
  verdict: Verdict
}

/** The state of the card. */
export type Card =
  | { kind: 'loading' }
  | { kind: 'lost'; text: string }
  | {
      kind: 'asking'
      question: Question
      judged: Judged | null
      checking: boolean
      problem: string | null
      last: boolean
    }
  | { kind: 'waiting'; note: string | null; next: boolean; settled: number; total: number }

export class Game {
  /** The choices that are ticked. */
  readonly ticks: Ticks
  private asked: { key: string; list: QuestionList | null; problem: string | null } = {
    key: '',
    list: null,
    problem: null,
  }
  private results: Results = new Map()
  private judged: Judged | null = null
  private checking = false
  private problem: string | null = null
  private step = 0
  private moving = false
  private pending = new AbortController()

  constructor(
    private readonly page: Page,
    private readonly does: { freshSeed: () => number; arrived: () => void },
  ) {
    this.ticks = new Ticks(
      page.host,
      () => this.open,
      () => page.host.requestUpdate(),
    )
  }

  get score(): Score {
    return scoreOf(this.results)
  }

  get card(): Card {
    const { list, problem } = this.asked
    if (problem !== null) return { kind: 'lost', text: problem }
    if (list === null) return { kind: 'loading' }
    const { judged, step } = this
    const question = judged?.question ?? (this.moving ? null : askedAt(list.questions, this.results, step))
    if (question !== null) {
      const last = step >= question.step
      return { kind: 'asking', question, judged, checking: this.checking, problem: this.problem, last }
    }
    return {
      kind: 'waiting',
      note: list.note,
      next: nextStop(list.questions, this.results, step) !== null,
      settled: list.questions.filter(({ id }) => this.results.has(id)).length,
      total: list.questions.length,
    }
  }

  /** True while the questions are being fetched. */
  get waits(): boolean {
    return this.asked.list === null && this.asked.problem === null
  }

  /** Return how far the walk may go from step `from` towards `to`, both from 0. */
  hold(from: number, to: number): number {
    const held = heldAt(this.asked.list?.questions ?? [], this.results, from, to)
    // who wants to go on has read what was said
    if (held === from && this.judged !== null && this.judged.question.step <= from) this.turn()
    return held
  }

  /** Another snapshot, iteration or seed has other questions. */
  follow({ head, iteration, body, predict }: PageState): void {
    if (head === null || predict === null || body?.index !== iteration) return
    const key = `${head.id} ${predict} ${iteration}`
    if (key !== this.asked.key) void this.fetch(head.id, predict, iteration, key)
  }

  /** Follow the walk. A verdict disappears when another step is on show. */
  stand(frame: Frame | null): void {
    const { step } = this.page.store.state
    const moving = frame !== null && frame.progress < 1
    // the question comes, or goes, with its marks on the stage
    if (moving !== this.moving) this.page.host.requestUpdate()
    this.moving = moving
    if (step === this.step) return
    this.step = step
    const said = this.judged?.question.step
    if (said !== undefined && (step < said - 1 || step > said)) this.turn()
  }

  /** The marks on the stage: what can be chosen, what is ticked and what the question is about. */
  get decorations(): Decorations {
    return this.ticks.decorations
  }

  async answer(given: Given): Promise<void> {
    const question = this.open
    if (question === null || this.checking) return
    const { key } = this.asked
    this.checking = true
    this.problem = null
    this.page.host.requestUpdate()
    try {
      const verdict = await this.page.client.judge(this.snapshot, question.id, given, this.pending.signal)
      if (key === this.asked.key) {
        this.judged = { question, given, verdict }
        this.settle(question, verdict.right ? 'right' : 'wrong')
      }
    } catch (error) {
      if (!isAbort(error)) this.problem = error instanceof Error ? error.message : String(error)
    }
    this.checking = false
    this.page.host.requestUpdate()
  }

  /** Goes on without an answer. */
  skip(): void {
    const question = this.open
    if (question === null) return
    this.settle(question, 'skipped')
    this.turn()
    this.page.walk.player.seek(question.step)
  }

  /** Plays the step that was asked about; where something else is asked before it, that first. */
  show(): void {
    if (this.judged === null) return
    const { step } = this.judged.question
    if (heldAt(this.asked.list?.questions ?? [], this.results, this.step, step) < step) this.turn()
    else this.page.walk.player.seek(step)
  }

  /** Go to the next question; without one, one step on. */
  goOn(): void {
    this.turn()
    const next = nextStop(this.asked.list?.questions ?? [], this.results, this.step)
    this.page.walk.player.seek(next ?? this.step + 1)
  }

  /** Other questions, from the beginning. */
  restart(): void {
    this.turn()
    const { predict } = this.page.store.state
    let seed = this.does.freshSeed()
    while (seed === predict) seed = this.does.freshSeed()
    this.page.store.update({ predict: seed })
    this.page.walk.player.seek(0)
  }

  retry(): void {
    this.asked = { key: '', list: null, problem: null }
    this.follow(this.page.store.state)
  }

  end(): void {
    this.turn()
    this.page.store.update({ predict: null })
  }

  /** The full explanation, in the inspector. */
  inspect(from: EventTarget): void {
    const { judged } = this
    if (judged === null) return
    const { verdict, question } = judged
    // the chain rule of a contribution stands at the operation that it comes from
    const node =
      verdict.edge === null ? verdict.node : (this.page.walk.timeline?.steps[question.step]?.node ?? verdict.node)
    send(from, 'gw-select', { node })
    this.page.panels.view = 'side'
  }

  dispose(): void {
    this.pending.abort()
    this.ticks.dispose()
  }

  /** The question that waits for an answer. */
  private get open(): Question | null {
    const { card } = this
    return card.kind === 'asking' && card.judged === null ? card.question : null
  }

  private get snapshot(): string {
    return this.page.store.state.head?.id ?? ''
  }

  private settle(question: Question, result: 'right' | 'wrong' | 'skipped'): void {
    this.results = withResult(this.results, question.id, result)
    keepResults(this.snapshot, this.page.store.state.predict ?? 0, this.results)
  }

  private turn(): void {
    this.judged = null
    this.problem = null
    this.ticks.clear()
    this.page.host.requestUpdate()
  }

  private async fetch(id: string, seed: number, iteration: number, key: string): Promise<void> {
    this.pending.abort()
    this.pending = new AbortController()
    this.asked = { key, list: null, problem: null }
    this.checking = false
    this.turn()
    this.results = readResults(id, seed)
    try {
      const list = await this.page.client.questions(id, seed, iteration, this.pending.signal)
      if (key === this.asked.key) this.asked = { key, list, problem: null }
    } catch (error) {
      if (isAbort(error)) return
      this.asked = { key, list: null, problem: error instanceof Error ? error.message : String(error) }
    }
    this.page.host.requestUpdate()
    this.does.arrived()
  }
}
