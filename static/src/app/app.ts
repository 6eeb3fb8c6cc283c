/** The page: it owns the state, hands it down to the elements, and does what their events ask for. */

import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { Client } from '../api/client'
import type { Action } from '../core/keyboard'
import { nodeOf } from '../core/labels'
import { Store } from '../core/store'
import { initialTheme } from '../core/theme'
import { Builder } from '../features/builder/builder'
import { Comparing } from '../features/compare/compare'
import type { EditorPanel } from '../features/editor/editor-panel'
import { LiveRuns, type Writing } from '../features/editor/live-runs'
import { programPanel } from '../features/editor/program-panel'
import { Explaining } from '../features/explain/explain'
import { Findings } from '../features/findings/findings'
import { LessonWalk } from '../features/lessons/lessons'
import { Predicting } from '../features/predict/predict'
import { predictRoom } from '../features/predict/predict-layout-styles'
import { asText, Reading } from '../features/reading/reading'
import type { ShareDialog } from '../features/takeaway/share-dialog'
import { takeawayOf } from '../features/takeaway/takeaway'
import { trainingDrawer, trains } from '../features/training/training'
import { pullable } from '../features/whatif/leaf-cells'
import { WhatIf } from '../features/whatif/what-if'
import { whatIfBar } from '../features/whatif/what-if-slots'
import { Address } from '../page/address'
import { Arrangement, type Panel } from '../page/arrangement'
import { perform } from '../page/commands'
import { emptyStage } from '../page/empty-stage'
import type { HelpDialog } from '../page/help-dialog'
import { Keys } from '../page/keys'
import type { NodeSearch } from '../page/node-search'
import { VIEWS } from '../page/panel-sizes'
import { split, tab } from '../page/panels'
import { readTastes } from '../page/preferences'
import { Session } from '../page/session'
import { stageRoom } from '../page/stage-area-styles'
import { calledOf, initialPage, isOwn, ranSource } from '../page/state'
import { Theming } from '../page/theme-controller'
import { NOWHERE, type Place } from '../page/url'
import { Walk } from '../page/walk'
import type { Stage } from '../stage/program/stage'
import type { PageEvents } from '../ui/events'
import { findingForms } from '../ui/severity-mark'
import { controls } from '../ui/styles'
import type { Frame } from '../walk/model'
import { narrate } from '../walk/sentences'
import { stepOfLine } from '../walk/steps'
import { layout } from './app-styles'

@customElement('gradwalk-app')
export class GradwalkApp extends LitElement {
  /** The lesson of a page that is a lesson's. */
  @property() lesson = ''
  /** The id of the snapshot to show, where the server knows it. */
  @property() snapshot = ''
  @property({ type: Boolean, reflect: true }) projector = false
  @state() private frame: Frame | null = null
  @query('gw-stage, gw-compare') private stage!: Pick<
    Stage,
    'fit' | 'zoomBy' | 'toggleAll' | 'reveal' | 'picture' | 'membersAround'
  > | null
  @query('gw-editor') private editor!: EditorPanel
  @query('gw-help') private help!: HelpDialog
  @query('gw-share') private share!: ShareDialog
  @query('gw-search') private search!: NodeSearch

  private readonly store = new Store({ ...initialPage(initialTheme()), ...readTastes() })
  private readonly arrangement = new Arrangement(this, this.store)
  private readonly client = new Client()
  private readonly session = new Session(this.store, this.client)
  private readonly walk = new Walk(this.store, (frame) => {
    this.frame = frame
  })
  private readonly address = new Address(this.store)
  private readonly parts = { store: this.store, session: this.session, walk: this.walk, arrangement: this.arrangement }
  private readonly comparing = new Comparing(this, this.client, {
    ...this.parts,
    open: (place) => this.open(place),
  })
  private readonly reading = new Reading(this, this.store, this.walk, (node) => this.find(node))
  private readonly lessons = new LessonWalk(this, {
    ...this.parts,
    open: (slug, stop) => this.openLesson(slug, stop),
    reveal: (node) => this.stage?.reveal(node),
  })
  private readonly builder = new Builder(this, this.client, this.parts, {
    show: () => this.showLine(1),
    run: () => void this.run(),
  })
  private readonly findings = new Findings(this, this.client, this.parts, {
    node: (node) => this.stage?.reveal(node),
    line: (line) => this.editor.show(line),
  })
  private readonly predicting = new Predicting(this, this.client, this.parts)
  private readonly explaining = new Explaining(this.client, this.store, this.walk)
  private readonly whatIf = new WhatIf(
    { store: this.store, session: this.session, client: this.client, address: this.address, run: () => this.run() },
    this,
  )
  private readonly live = new LiveRuns(this.store, this.session, this.writing(), () => this.showTitle())
  private readonly stopWatching = this.session.drafting.watchDrafts()
  private readonly theming = new Theming(this, this.store)

  constructor() {
    super()
    new Keys(this, (action) => this.act(action))
  }

  static override styles = [controls, stageRoom, layout, findingForms, predictRoom]

  override connectedCallback(): void {
    super.connectedCallback()
    this.store.subscribe(() => this.requestUpdate())
    window.addEventListener('popstate', this.onPopState)
    void this.start()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.walk.player.dispose()
    this.stopWatching()
    this.live.dispose()
    this.whatIf.dispose()
    window.removeEventListener('popstate', this.onPopState)
  }

  override render() {
    const page = this.store.state
    return html`
      <gw-header role="banner" .lessons=${page.lessons} .lesson=${page.lesson} .own=${isOwn(this.store.state)} .theme=${page.theme}
        .running=${page.busy?.what === 'running'} .reading=${this.arrangement.panel === 'lesson'} .predicting=${page.predict !== null}
        @gw-action=${this.onAction}
        @gw-lesson=${(e: CustomEvent<PageEvents['gw-lesson']>) => this.openLesson(e.detail.slug)}
        @gw-panel=${(e: CustomEvent<PageEvents['gw-panel']>) => this.arrangement.showPanel(e.detail.panel)}
        @gw-theme=${() => this.theming.switch()} @gw-share=${() => this.takeAway()}
        @gw-cancel=${() => this.session.cancel()}></gw-header>
      <nav class="views" aria-label="Views"><div class="tabs" role="tablist" aria-label="Views">${VIEWS.map(
        ([view, name]) =>
          view === 'training' && !trains(page)
            ? nothing
            : tab(name, this.arrangement.view === view, () => this.arrangement.showView(view)),
      )}</div></nav>
      <main data-view=${this.arrangement.view} class=${this.arrangement.panel === 'lesson' && page.lesson ? 'reading' : ''} @gw-iteration=${this.onIteration} @gw-action=${this.onAction}
        @gw-select=${(e: CustomEvent<PageEvents['gw-select']>) => this.select(e.detail.node)}
        @gw-seek=${(e: CustomEvent<PageEvents['gw-seek']>) => this.walk.player.seek(e.detail.step)}
        @gw-show-line=${(e: CustomEvent<PageEvents['gw-show-line']>) => this.showLine(e.detail.line)}>
        <h1 class="heard">${calledOf(this.store.state)}</h1>
        ${programPanel(this.parts, this.frame, (line) => this.goToLine(line))} ${split(this.arrangement, 'program', 'Width of the program', 'right')}
        ${this.stagePanel()}
        ${split(this.arrangement, 'inspector', 'Width of the inspector', 'left')} ${this.sidePanel()}
      </main>
      ${trains(page) ? trainingDrawer(this.parts, (node) => this.select(node)) : nothing}
      <footer aria-label="Timeline"
        @gw-seek=${(e: CustomEvent<PageEvents['gw-seek']>) => this.walk.player.seek(e.detail.step)}
        @gw-play=${() => this.walk.player.toggle()}
        @gw-speed=${(e: CustomEvent<PageEvents['gw-speed']>) => this.walk.player.setSpeed(e.detail.speed)}
        @gw-action=${() => this.toggleTraining()} @gw-iteration=${this.onIteration}>
        <gw-timeline .timeline=${this.walk.timeline} .step=${page.step} .lone=${this.comparing.lone} .playing=${page.playing} .speed=${page.speed} .breakpoints=${page.breakpoints}
          .iterations=${page.head?.iterations ?? []} .iteration=${page.iteration}
          .training=${this.arrangement.sizes.training > 0}></gw-timeline>
      </footer>
      <gw-help @gw-action=${this.onAction}></gw-help><gw-share></gw-share>${this.comparing.dialog()}${this.reading.dialog()}${this.builder.dialog()}${this.findings.status()}
      <gw-search .graph=${this.walk.timeline?.graph ?? null}
        @gw-select=${(e: CustomEvent<PageEvents['gw-select']>) => this.find(e.detail.node)}></gw-search>
    `
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!trains(this.store.state)) this.style.setProperty('--training-size', '0px')
    if (changed.has('projector')) this.stage?.fit()
  }

  private stagePanel() {
    const page = this.store.state
    const { timeline } = this.walk
    const narration = timeline && narrate(timeline, page.step)
    return html`<section class="stage" aria-label="Stage">
      <gw-notice .busy=${page.busy} .notice=${page.notice} @gw-cancel=${() => this.session.cancel()}
        @gw-dismiss=${() => this.store.update({ notice: null })} @gw-retry=${this.retry}></gw-notice>
      ${
        this.comparing.shown
          ? this.comparing.stages(this.frame, this.onOpen)
          : timeline
            ? html`<gw-stage .graph=${timeline.graph} .iteration=${timeline.iteration} .frame=${this.frame}
              .selected=${page.selected} .failed=${page.head?.outcome.error?.node ?? null} .loss=${this.walk.lossNode}
              .theme=${page.theme} .pullable=${pullable(page)} .open=${page.open} .marked=${this.findings.marked} @gw-open=${this.onOpen}></gw-stage>${asText}
            ${whatIfBar(page, this.projector || this.arrangement.panel === 'lesson' || this.arrangement.sizes.inspector === 0)}
            <gw-narration .parts=${narration?.parts ?? []} .text=${page.whatIf?.moving ? '' : (narration?.text ?? '')}
              .phase=${this.frame?.phase ?? 'forward'} .playing=${page.playing}></gw-narration>${this.predicting.card(this.frame)}`
            : emptyStage(page)
      }
    </section>`
  }

  private sidePanel() {
    const { lesson, comparedRun } = this.store.state
    const { panel } = this.arrangement
    const reading = panel === 'lesson' && lesson !== null
    const choice = (name: string, one: Panel) => tab(name, panel === one, () => this.arrangement.showPanel(one))
    return html`<aside class="side" aria-label="Inspector and lesson" ?hidden=${this.arrangement.sizes.inspector === 0}>
      ${
        lesson || comparedRun || this.findings.any
          ? html`<div class="tabs" role="tablist" aria-label="Side panel">${comparedRun ? choice('Differences', 'differences') : nothing}
            ${choice('Inspector', 'inspector')} ${this.findings.tab()} ${lesson ? choice('Lesson', 'lesson') : nothing}</div>`
          : nothing
      }
      ${reading ? this.lessons.panel() : (this.comparing.table() ?? this.findings.panel() ?? this.inspector())}
    </aside>`
  }

  private inspector() {
    const page = this.store.state
    return html`<gw-inspector .timeline=${this.walk.timeline} .step=${page.step} .node=${page.selected ?? this.walk.activeNode}
      .stops=${page.breakpoints.includes(page.selected ?? this.walk.activeNode ?? '')}
      .pinned=${page.selected !== null} .source=${ranSource(page)} .error=${page.head?.outcome.error ?? null}
      .theme=${page.theme} .load=${this.loadTensor} .whatIf=${page}
      .explain=${this.explaining.place}></gw-inspector>`
  }

  private writing(): Writing {
    const looksWhole = async (source: string) => (await import('../features/editor/codemirror')).looksWhole(source)
    return { looksWhole, isChoosing: () => this.editor.choosing }
  }

  private readonly loadTensor = (id: string) => this.session.tensor(id)

  private async start(): Promise<void> {
    const place = this.address.place
    const lesson = place.lesson ?? (this.lesson || null)
    const given = place.step ?? place.node ?? place.snapshot
    if (given === null || place.stop !== null) this.arrangement.panel = 'lesson'
    if (place.training) this.arrangement.showView('training')
    void this.session.listLessons()
    await this.session.open({ ...place, lesson }, this.snapshot || null)
  }

  private async openLesson(slug: string, stop = 0): Promise<void> {
    this.arrangement.panel = 'lesson'
    this.arrangement.view = 'stage'
    await this.open({ ...NOWHERE, lesson: slug, stop: stop || null })
    this.address.push()
  }

  private async open(place: Place): Promise<void> {
    await this.session.open(place)
    this.showTitle()
  }

  private async run(): Promise<void> {
    if (!(await this.session.run())) return
    this.address.push()
    this.showTitle()
    if (this.store.state.selected !== null) this.arrangement.showPanel('inspector')
  }

  private retry = async () => {
    await this.session.retry()
    this.address.push()
    this.showTitle()
  }

  private showTitle(): void {
    const called = calledOf(this.store.state)
    document.title = called === 'Gradwalk' ? called : `${called} · Gradwalk`
  }

  private act(action: Action): void {
    const page = {
      run: () => void this.run(),
      stop: (by: 1 | -1) => this.lessons.move(by),
      search: () => this.search.show(),
      read: () => void this.reading.show(),
      help: () => this.help.show(),
      projector: () => {
        this.projector = !this.projector
      },
      training: () => this.toggleTraining(),
      share: () => this.takeAway(),
      compare: () => void this.comparing.ask(),
      build: () => void this.builder.show(),
      finding: (direction: 1 | -1) => this.findings.turn(direction),
      predict: () => this.predicting.toggle(),
      check: () => this.explaining.check(this),
      escape: () => this.escape(),
      fit: () => this.stage?.fit(),
      zoomBy: (factor: number) => this.stage?.zoomBy(factor),
      toggleAll: () => this.stage?.toggleAll(),
      group: (node: string) => this.stage?.membersAround(node) ?? new Set<string>(),
    }
    perform(action, { store: this.store, session: this.session, walk: this.walk, page })
  }

  private takeAway(): void {
    const { timeline } = this.walk
    const sentence = timeline ? narrate(timeline, this.store.state.step).text : ''
    void this.share.show(takeawayOf(this.store.state, this.address.link, sentence, this.stage))
  }
  private onAction = (e: CustomEvent<PageEvents['gw-action']>) => this.act(e.detail.action)

  private escape(): void {
    if (this.whatIf.back()) return
    if (this.store.state.selected !== null) this.session.select(null)
    else if (this.projector) this.projector = false
    else void this.session.compare(null)
  }

  private select(node: string | null): void {
    this.session.select(node)
    if (node === null) return
    if (this.arrangement.panel !== 'differences') this.arrangement.showPanel('inspector')
    const line = this.walk.timeline && nodeOf(this.walk.timeline.graph, node)?.line
    if (line) this.editor.show(line)
  }

  private onOpen = (e: CustomEvent<PageEvents['gw-open']>) => this.store.update({ open: e.detail.open })

  private onIteration = (e: CustomEvent<PageEvents['gw-iteration']>) => void this.session.showIteration(e.detail.index)

  private toggleTraining(): void {
    if (trains(this.store.state)) this.arrangement.toggleTraining()
  }

  /** What was searched is shown, whatever is closed around it. */
  private find(node: string | null): void {
    this.select(node)
    if (node !== null) this.stage?.reveal(node)
  }

  private showLine(line: number): void {
    this.arrangement.view = 'program'
    this.editor.show(line)
  }

  private goToLine(line: number): void {
    const step = stepOfLine(this.walk.timeline?.steps ?? [], line, this.store.state.step)
    if (step !== null) this.walk.player.seek(step)
  }

  private onPopState = () => void this.open(this.address.place)
}
