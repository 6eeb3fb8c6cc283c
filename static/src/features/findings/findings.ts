/** Findings as a page has them: asked for whenever another run is on show, marked at nodes and lines, listed beside the inspector. */

import { html, type LitElement, nothing, type ReactiveController, type TemplateResult } from 'lit'
import type { Client } from '../../api/client'
import { isAbort } from '../../api/errors'
import type { Finding } from '../../core/contract'
import type { Store } from '../../core/store'
import type { Arrangement } from '../../page/arrangement'
import type { Session } from '../../page/session'
import type { PageState } from '../../page/state'
import type { Walk } from '../../page/walk'
import { type Marked, UNMARKED } from '../../stage/program/node-marks'
import { form } from '../../ui/severity-mark'
import { carried, inWords, iterationOf, marksIn, NO_FINDINGS, stepOf, summary } from '../../walk/finding'

const LOST =
  'What goes wrong in this program could not be looked up: the server cannot be reached. The run is complete.'
const COMPARED = 'What goes wrong is shown of one run alone: Esc ends the comparison.'
const NONE = 'Nothing was found that goes wrong in this program.'

interface Page {
  store: Store<PageState>
  session: Session
  walk: Walk
  arrangement: Arrangement
}

export class Findings implements ReactiveController {
  private pending = new AbortController()
  /** The snapshot that was looked at last. */
  private asked: string | null = null
  private chosen: Finding | null = null
  private saidLost = false
  private marks: Marked = UNMARKED
  private readonly stop: () => void

  /** `reveal`: brings a node into view; `show`: a line of the program. */
  constructor(
    private readonly host: LitElement,
    private readonly client: Client,
    private readonly page: Page,
    private readonly bring: { node: (node: string) => void; line: (line: number) => void },
  ) {
    host.addController(this)
    this.stop = page.store.subscribe((state, before) => this.follow(state, before))
  }

  hostDisconnected(): void {
    this.stop()
    this.pending.abort()
  }

  /** What stands at the nodes of the graph on show. The same object while nothing of it changes. */
  get marked(): Marked {
    const { breakpoints, findings } = this.page.store.state
    const found = findings.length === 0 ? UNMARKED.findings : marksIn(findings, this.page.walk.timeline?.graph.id ?? -1)
    const same = [...found].every(([node, severity]) => this.marks.findings.get(node) === severity)
    if (!same || found.size !== this.marks.findings.size || this.marks.stops !== breakpoints)
      this.marks = { stops: breakpoints, findings: found }
    return this.marks
  }

  /** Whether there is a panel to choose: once it is open it stays, though the last finding is gone. */
  get any(): boolean {
    return this.page.store.state.findings.length > 0 || this.page.arrangement.panel === 'findings'
  }

  tab(): TemplateResult | typeof nothing {
    if (!this.any) return nothing
    const { findings } = this.page.store.state
    const { arrangement } = this.page
    return html`<button role="tab" aria-selected=${arrangement.panel === 'findings'} title="What goes wrong in this program (W)"
      @click=${() => this.show()}>Findings${findings[0] ? html` <span class="badge ${findings[0].severity}">${form(findings[0])}${findings.length}</span>` : nothing}</button>`
  }

  /** The list, where the side panel shows that. */
  panel(): TemplateResult | null {
    const { head, findings, iteration } = this.page.store.state
    if (this.page.arrangement.panel !== 'findings' || head === null) return null
    return html`<gw-findings .findings=${findings} .head=${head} .chosen=${this.chosen} .iteration=${iteration}
      @gw-finding=${(e: CustomEvent<{ finding: Finding }>) => void this.go(e.detail.finding)}></gw-findings>`
  }

  /** What is told to who does not see the marks. */
  status(): TemplateResult {
    const told = summary(this.page.store.state.findings)
    return html`<p class="heard" role="status">${told === '' ? '' : `${told}. W goes to the first one.`}</p>`
  }

  /** Goes to the next (1) or previous (−1) finding, round after the last. */
  turn(direction: 1 | -1): void {
    const { findings, comparedRun } = this.page.store.state
    const at = this.chosen === null ? -1 : findings.indexOf(this.chosen)
    const finding = findings.at(at === -1 && direction === 1 ? 0 : (at + direction) % Math.max(1, findings.length))
    if (finding === undefined) this.say(comparedRun === null ? NONE : COMPARED)
    else {
      this.show()
      void this.go(finding)
    }
  }

  private show(): void {
    this.page.arrangement.showPanel('findings')
    void import('./findings-list').catch(() => this.say(LOST))
  }

  /** Goes to the iteration, the step and the node of a finding. */
  private async go(finding: Finding): Promise<void> {
    const { store, session, walk } = this.page
    const { head, iteration } = store.state
    if (head === null) return
    this.chosen = finding
    this.host.requestUpdate()
    // where the list cannot be seen beside the picture, the page says what it says
    if (this.host.matches('[projector]') || matchMedia('(max-width: 899px)').matches) this.say(inWords(finding))
    const wanted = iterationOf(finding, head, iteration)
    if (wanted !== null) await session.showIteration(wanted)
    const { timeline } = walk
    // another place may have been asked for meanwhile, or the iteration could not be fetched
    if (this.chosen !== finding || timeline === null || store.state.head !== head) return
    const step = stepOf(finding, timeline)
    if (step !== null) walk.player.seek(step)
    const node = finding.graph === timeline.graph.id ? finding.node : null
    session.select(node)
    if (node !== null) this.bring.node(node)
    if (finding.line !== null) this.bring.line(finding.line)
  }

  private follow(state: Readonly<PageState>, before: Readonly<PageState>): void {
    const { head, comparedRun, whatIf } = state
    if (head !== before.head) {
      this.pending.abort()
      this.asked = null
      const alone = head !== null && comparedRun === null
      this.tell(alone ? carried(state.findings, before.head, head) : NO_FINDINGS)
    }
    // under the hand one run follows the other: the one that it rests at is looked at
    if (head !== null && comparedRun === null && !whatIf?.moving && this.asked !== head.id) void this.ask(head.id)
  }

  private async ask(id: string): Promise<void> {
    this.asked = id
    this.pending.abort()
    const controller = new AbortController()
    this.pending = controller
    const { signal } = controller
    try {
      const found = await this.client.findings(id, signal)
      if (signal.aborted) return
      this.saidLost = false
      this.tell(found)
    } catch (error) {
      if (isAbort(error) || signal.aborted) return
      this.tell(NO_FINDINGS)
      if (this.saidLost) return
      this.saidLost = true
      const { notice, busy } = this.page.store.state
      if (notice === null && busy === null) this.say(LOST)
    }
  }

  /** What says the same as before is left as it is: nothing blinks. */
  private tell(findings: readonly Finding[]): void {
    const { store } = this.page
    const before = store.state.findings
    if (JSON.stringify(before) === JSON.stringify(findings)) return
    const chosen = this.chosen === null ? null : JSON.stringify(said(this.chosen))
    this.chosen = findings.find((one) => JSON.stringify(said(one)) === chosen) ?? null
    store.update({ findings })
  }

  private say(text: string): void {
    this.page.store.update({ notice: { kind: 'info', text } })
  }
}

/** What makes a finding the same one in the next run. */
function said({ code, graph, node, line }: Finding) {
  return [code, graph, node, line]
}
