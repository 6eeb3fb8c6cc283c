/**
 * The player: the stage, the timeline and the sentence of every step, of one snapshot that is only looked at. It is the page of an
 * exported file, where the snapshot comes out of the file, and program and inspector stand beside the stage; and, with `embed`, of a frame in
 * another page, where it comes from the server.
 */

import { html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { Client } from '../api/client'
import type { Action } from '../core/keyboard'
import { Store } from '../core/store'
import { initialTheme } from '../core/theme'
import { asText, Reading } from '../features/reading/reading'
import { perform } from '../page/commands'
import { emptyStage } from '../page/empty-stage'
import { Keys } from '../page/keys'
import { Session } from '../page/session'
import { stageRoom } from '../page/stage-area-styles'
import { currentPlace, initialPage, ranSource } from '../page/state'
import { Theming } from '../page/theme-controller'
import { formatPlace } from '../page/url'
import { Walk } from '../page/walk'
import type { Stage } from '../stage/program/stage'
import type { PageEvents } from '../ui/events'
import { controls } from '../ui/styles'
import type { Frame } from '../walk/model'
import { narrate } from '../walk/sentences'
import { stepOfLine } from '../walk/steps'
import { type Embedded, embeddedIn } from './embedded-snapshot'
import { NO_DRAFTS } from './no-drafts'
import { placeFromText, textOf } from './player-place'
import { layout } from './player-styles'

@customElement('gradwalk-player')
export class GradwalkPlayer extends LitElement {
  /** What is played, for a reader. */
  @property() heading = ''
  /** The lesson of a frame that shows a lesson. */
  @property() lesson = ''
  /** The id of the snapshot, where the server knows it. */
  @property() snapshot = ''
  /** Whether this is a frame in another page. */
  @property({ type: Boolean }) embed = false
  @state() private frame: Frame | null = null
  @query('gw-stage') private stage!: Stage | null

  private readonly embedded: Embedded | null = embeddedIn(document)
  private readonly store = new Store(initialPage(initialTheme()))
  private readonly session = new Session(this.store, clientOf(this.embedded), NO_DRAFTS)
  private readonly walk = new Walk(this.store, (frame) => {
    this.frame = frame
  })
  private readonly reading = new Reading(this, this.store, this.walk, (node) => this.session.select(node))
  private readonly theming = new Theming(this, this.store)

  constructor() {
    super()
    new Keys(this, (action) => this.act(action), NOT_PLAYED)
  }

  static override styles = [controls, stageRoom, layout]

  override connectedCallback(): void {
    super.connectedCallback()
    this.store.subscribe(() => {
      this.requestUpdate()
      this.tellAddress()
    })
    window.addEventListener('hashchange', this.onHash)
    void this.open(this.embedded ? window.location.hash : window.location.search)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.walk.player.dispose()
    window.removeEventListener('hashchange', this.onHash)
  }

  override render() {
    const page = this.store.state
    const seek = (e: CustomEvent<PageEvents['gw-seek']>) => this.walk.player.seek(e.detail.step)
    return html`
      <header>${this.top()}</header>
      <main class=${this.embed ? 'alone' : ''} @gw-seek=${seek}
        @gw-select=${(e: CustomEvent<PageEvents['gw-select']>) => this.session.select(e.detail.node)}
        @gw-show-line=${(e: CustomEvent<PageEvents['gw-show-line']>) => this.goToLine(e.detail.line)}>
        ${this.embed ? nothing : this.listing()} ${this.stagePanel()}
        ${this.embed ? nothing : this.inspector()}
      </main>
      <footer aria-label="Timeline" @gw-seek=${seek} @gw-play=${() => this.walk.player.toggle()}
        @gw-speed=${(e: CustomEvent<PageEvents['gw-speed']>) => this.walk.player.setSpeed(e.detail.speed)}
        @gw-iteration=${(e: CustomEvent<PageEvents['gw-iteration']>) => void this.session.showIteration(e.detail.index)}>
        <gw-timeline .timeline=${this.walk.timeline} .step=${page.step} .playing=${page.playing} .speed=${page.speed}
          .iterations=${page.head?.iterations ?? []} .iteration=${page.iteration} .training=${null}></gw-timeline>
      </footer>${this.reading.dialog()}`
  }

  private top() {
    const { theme } = this.store.state
    const next = theme === 'light' ? 'dark' : 'light'
    return html`<span class="logo">Grad<span>walk</span></span><h1>${this.heading}</h1>
      <span class="keys">← → steps · Space plays · [ ] iterations</span>
      ${
        this.embed
          ? html`<a class="button" target="_blank" rel="noopener" href=${this.address}>Open in Gradwalk</a>`
          : html`<button class="button square" aria-label="Switch to the ${next} theme" title="Switch to the ${next} theme"
            @click=${() => this.theming.switch()}>${theme === 'light' ? '☾' : '☀'}</button>`
      }`
  }

  private listing() {
    return html`<gw-listing role="region" aria-label="Program" .source=${ranSource(this.store.state)}
      .line=${this.frame?.line ?? null} .phase=${this.frame?.phase ?? 'forward'}
      @gw-line=${(e: CustomEvent<PageEvents['gw-line']>) => this.goToLine(e.detail.line)}></gw-listing>`
  }

  private stagePanel() {
    const page = this.store.state
    const { timeline } = this.walk
    const narration = timeline && narrate(timeline, page.step)
    return html`<section class="stage" aria-label="Stage"
      @gw-action=${(e: CustomEvent<PageEvents['gw-action']>) => this.act(e.detail.action)}>
      <gw-notice .busy=${page.busy} .notice=${page.notice} @gw-cancel=${() => this.session.cancel()}
        @gw-dismiss=${() => this.store.update({ notice: null })}></gw-notice>
      ${
        timeline
          ? html`<gw-stage .graph=${timeline.graph} .iteration=${timeline.iteration} .frame=${this.frame}
              .selected=${page.selected} .failed=${page.head?.outcome.error?.node ?? null} .loss=${this.walk.lossNode}
              .theme=${page.theme} .open=${page.open} @gw-open=${this.onOpen}></gw-stage>${asText}
            <gw-narration .parts=${narration?.parts ?? []} .text=${narration?.text ?? ''}
              .phase=${this.frame?.phase ?? 'forward'} .playing=${page.playing}></gw-narration>`
          : emptyStage(page)
      }
    </section>`
  }

  private inspector() {
    const page = this.store.state
    return html`<aside aria-label="Inspector"><gw-inspector .timeline=${this.walk.timeline} .step=${page.step}
      .node=${page.selected ?? this.walk.activeNode} .pinned=${page.selected !== null} .source=${ranSource(page)}
      .error=${page.head?.outcome.error ?? null} .theme=${page.theme} .load=${this.loadTensor}></gw-inspector></aside>`
  }

  /** Where the page of the same server shows this step. */
  private get address(): string {
    const place = currentPlace(this.store.state)
    return formatPlace(this.lesson === '' ? { ...place, lesson: null } : place)
  }

  private readonly loadTensor = (id: string) => this.session.tensor(id)

  private async open(end: string): Promise<void> {
    const place = placeFromText(end.replace(/^[?#]/, ''))
    if (this.embedded === null)
      return this.session.open(
        { ...place, lesson: this.lesson || null, snapshot: this.lesson ? null : this.snapshot },
        this.snapshot || null,
      )
    const iteration = place.iteration ?? this.embedded.iterations[0] ?? null
    await this.session.open({ ...place, iteration, snapshot: this.embedded.id })
  }

  /** The end of a file's address names the step, so that it opens there again. */
  private tellAddress(): void {
    if (this.embedded === null || this.store.state.head === null || this.store.state.busy !== null) return
    const hash = `#${textOf(currentPlace(this.store.state))}`
    if (hash !== window.location.hash) window.history.replaceState(null, '', hash)
  }

  private onHash = () => {
    if (this.embedded !== null) void this.open(window.location.hash)
  }

  private goToLine(line: number): void {
    const step = stepOfLine(this.walk.timeline?.steps ?? [], line, this.store.state.step)
    if (step !== null) this.walk.player.seek(step)
  }

  private onOpen = (e: CustomEvent<PageEvents['gw-open']>) => this.store.update({ open: e.detail.open })

  private act(action: Action): void {
    const elsewhere = () => {}
    const page = {
      run: elsewhere,
      stop: elsewhere,
      search: elsewhere,
      read: () => void this.reading.show(),
      help: elsewhere,
      projector: elsewhere,
      training: elsewhere,
      share: elsewhere,
      compare: elsewhere,
      build: elsewhere,
      finding: elsewhere,
      predict: elsewhere,
      check: elsewhere,
      escape: () => this.session.select(null),
      fit: () => this.stage?.fit(),
      zoomBy: (factor: number) => this.stage?.zoomBy(factor),
      toggleAll: () => this.stage?.toggleAll(),
      group: (node: string) => this.stage?.membersAround(node) ?? new Set<string>(),
    }
    perform(action, { store: this.store, session: this.session, walk: this.walk, page })
  }
}

const NOT_PLAYED: readonly Action[] = [
  'run',
  'next-stop',
  'previous-stop',
  'search',
  'help',
  'projector',
  'training',
  'share',
  'compare',
  'build',
  'next-finding',
  'previous-finding',
  'predict',
  'live',
  'shapes',
]

function clientOf(embedded: Embedded | null): Client {
  return embedded === null ? new Client() : new Client('', embedded.fetch)
}
