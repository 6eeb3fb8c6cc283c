/** The findings about the program on show: fetched whenever another run is shown, listed beside the inspector. */

import type { ReactiveControllerHost } from 'lit'
import { isAbort } from '../../api/errors'
import type { Finding } from '../../core/contract'
import type { Page } from '../../page/context'
import type { PageState } from '../../page/state'
import { carried, inWords, iterationOf, NO_FINDINGS, stepOf } from '../../walk/finding'

const LOST =
  'What goes wrong in this program could not be looked up: the server cannot be reached. The run is complete.'
const COMPARED = 'What goes wrong is shown of one run alone: Esc ends the comparison.'
const NONE = 'Nothing was found that goes wrong in this program.'

/** The parts of the page that findings need. */
export type FindingsPage = Pick<Page, 'store' | 'client' | 'session' | 'walk' | 'panels' | 'stage' | 'editor'> & {
  readonly host: HTMLElement & Pick<ReactiveControllerHost, 'requestUpdate'>
}

export class FindingsWatch {
  /** The finding that was gone to last. */
  chosen: Finding | null = null
  private pending = new AbortController()
  /** The snapshot that was looked at last. */
  private asked: string | null = null
  private saidLost = false
  /** Where to turn as soon as the findings that are being looked up are there; 0 is nowhere. */
  private awaited: 1 | -1 | 0 = 0
  private lookingUp = false
  private stop = () => {}

  constructor(private readonly page: FindingsPage) {}

  /** Asks for the findings of each run that is shown from now on. */
  connect(): void {
    this.stop = this.page.store.subscribe((state, before) => this.follow(state, before))
  }

  dispose(): void {
    this.stop()
    this.pending.abort()
  }

  /** Goes to the next (1) or previous (−1) finding, round after the last. Waits for findings that are being looked up. */
  turn(direction: 1 | -1): void {
    const { findings, pair } = this.page.store.state
    if (findings.length === 0 && this.lookingUp) {
      this.awaited = direction
      return
    }
    const at = this.chosen === null ? -1 : findings.indexOf(this.chosen)
    const next = at === -1 && direction === -1 ? -1 : (at + direction) % Math.max(1, findings.length)
    const finding = findings.at(next)
    if (finding === undefined) this.say(pair === null ? NONE : COMPARED)
    else {
      this.page.panels.showPanel('findings')
      void this.go(finding)
    }
  }

  /** Goes to the iteration, the step and the node of a finding. */
  async go(finding: Finding): Promise<void> {
    const { store, session, walk } = this.page
    const { head, iteration } = store.state
    if (head === null) return
    this.chosen = finding
    this.page.host.requestUpdate()
    // where the list cannot be seen beside the picture, the page says what it says
    if (this.page.panels.projector || matchMedia('(max-width: 899px)').matches) this.say(inWords(finding))
    const wanted = iterationOf(finding, head, iteration)
    if (wanted !== null) await session.showIteration(wanted)
    const { timeline } = walk
    // another place may have been asked for meanwhile, or the iteration could not be fetched
    if (this.chosen !== finding || timeline === null || store.state.head !== head) return
    const step = stepOf(finding, timeline)
    if (step !== null) walk.player.seek(step)
    const node = finding.graph === timeline.graph.id ? finding.node : null
    session.select(node)
    if (node !== null) this.page.stage?.reveal(node)
    if (finding.line !== null) this.page.editor?.show(finding.line)
  }

  private follow(state: Readonly<PageState>, before: Readonly<PageState>): void {
    const { head, pair, variation } = state
    if (head !== before.head) {
      this.pending.abort()
      this.asked = null
      this.awaited = 0
      this.lookingUp = false
      const alone = head !== null && pair === null
      this.tell(alone ? carried(state.findings, before.head, head) : NO_FINDINGS)
    }
    // while a number is dragged, run follows run: only the last one is examined
    if (head !== null && pair === null && !variation?.moving && this.asked !== head.id) void this.ask(head.id)
  }

  private async ask(id: string): Promise<void> {
    this.asked = id
    this.pending.abort()
    const controller = new AbortController()
    this.pending = controller
    const { signal } = controller
    this.lookingUp = true
    try {
      const found = await this.page.client.findings(id, signal)
      if (signal.aborted) return
      this.lookingUp = false
      this.saidLost = false
      this.tell(found)
      if (this.awaited !== 0) this.turn(this.awaited)
      this.awaited = 0
    } catch (error) {
      if (isAbort(error) || signal.aborted) return
      this.lookingUp = false
      this.tell(NO_FINDINGS)
      const isAwaited = this.awaited !== 0
      this.awaited = 0
      if (this.saidLost && !isAwaited) return
      this.saidLost = true
      const { notice, busy } = this.page.store.state
      if (notice === null && busy === null) this.say(LOST)
    }
  }

  /** Equal findings keep their objects, so that nothing is rendered again. */
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

/** Return the properties by which a finding is recognised in the next run. */
function said({ code, graph, node, line }: Finding) {
  return [code, graph, node, line]
}
