/** The page: the places that its features fill, and what they fill them with. */

import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { Client } from '../api/client'
import { FEATURES } from '../features'
import type { EditorHandle, StageHandle } from '../page/context'
import { pageActions, pictureActions, programActions, walkActions } from '../page/core-actions'
import { emptyStage } from '../page/empty-stage'
import { lostText } from '../page/lost'
import type { NodeSearch } from '../page/node-search'
import { PageController } from '../page/page-controller'
import { VIEWS } from '../page/panel-sizes'
import { split, tab } from '../page/panels'
import { readTastes } from '../page/preferences'
import { stageRoom } from '../page/stage-area-styles'
import { calledOf, isOwn } from '../page/state'
import { Theming } from '../page/theme-controller'
import type { PageEvents } from '../ui/events'
import { follow } from '../ui/follow'
import { findingForms } from '../ui/severity-mark'
import { controls } from '../ui/styles'
import { narrate } from '../walk/sentences'
import { layout } from './app-styles'

@customElement('gradwalk-app')
export class GradwalkApp extends LitElement {
  /** The lesson of a page that is a lesson's. */
  @property() lesson = ''
  /** The id of the snapshot to show, where the server knows it. */
  @property() snapshot = ''
  @property({ type: Boolean, reflect: true }) projector = false
  @query('gw-stage, gw-compare') private stage!: StageHandle | null
  @query('gw-editor') private editor!: EditorHandle | null
  @query('gw-search') private search!: NodeSearch

  private readonly page: PageController = new PageController(this, {
    client: new Client(),
    features: FEATURES,
    actions: (page) => [
      ...walkActions(page),
      ...pictureActions(page),
      ...programActions(page),
      ...pageActions({
        search: () => this.search.show(),
        help: () => void this.show('gw-help', 'The list of keys', () => import('../page/help-dialog')),
        palette: () => void this.show('gw-palette', 'The list of actions', () => import('../page/command-palette')),
        theme: () => this.theming.switch(),
        projector: () => {
          this.projector = !this.projector
        },
        escape: () => this.escape(),
      }),
    ],
    initial: readTastes(),
    stage: () => this.stage,
    editor: () => this.editor,
  })
  private readonly theming = new Theming(this, this.page.store)
  private stopWatching = () => {}

  static override styles = [controls, stageRoom, layout, findingForms]

  override connectedCallback(): void {
    super.connectedCallback()
    this.stopWatching = this.page.session.drafting.watchDrafts()
    window.addEventListener('popstate', this.onPopState)
    this.page.address.follow()
    void this.start()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stopWatching()
    window.removeEventListener('popstate', this.onPopState)
  }

  override render() {
    const { store, panels, slots, walk, actions } = this.page
    const page = store.state
    return html`
      <gw-header role="banner" .lessons=${page.lessons} .lesson=${page.lesson} .own=${isOwn(page)} .theme=${page.theme}
        .running=${page.busy?.what === 'running'} .reading=${panels.panel === 'lesson'} .actions=${actions.all}>${slots.render('header')}</gw-header>
      <nav class="views" aria-label="Views"><div class="tabs" role="tablist" aria-label="Views">${VIEWS.map(
        ([view, name]) =>
          view === 'training' && !slots.isFilled('drawer')
            ? nothing
            : tab(name, panels.view === view, () => panels.showView(view)),
      )}</div></nav>
      <main data-view=${panels.view} class=${panels.panel === 'lesson' && page.lesson ? 'reading' : ''}>
        <h1 class="heard">${calledOf(page)}</h1>
        <section class="program ${page.head?.outcome.error ? 'failed' : ''}" aria-label="Program"
          ?hidden=${panels.sizes.program === 0}>${slots.render('program')}</section>
        ${split(panels, 'program', 'Width of the program', 'right')}
        ${this.stagePanel()}
        ${split(panels, 'inspector', 'Width of the inspector', 'left')} ${this.sidePanel()}
      </main>
      ${slots.render('drawer')}
      <footer aria-label="Timeline">
        <gw-timeline .timeline=${walk.timeline} .step=${page.step} .lone=${this.page.loneSteps} .playing=${page.playing}
          .speed=${page.speed} .breakpoints=${page.breakpoints} .iterations=${page.head?.iterations ?? []}
          .iteration=${page.iteration} .training=${panels.sizes.training > 0}></gw-timeline>
      </footer>
      <gw-help .keys=${actions.help} .editorKeys=${this.page.editorKeys}></gw-help>
      <gw-palette .actions=${actions.all}></gw-palette>${slots.dialogs()}${slots.render('status')}
      <gw-search .graph=${walk.timeline?.graph ?? null} @gw-select=${this.onFound}></gw-search>
    `
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.page.slots.isFilled('drawer')) this.style.setProperty('--training-size', '0px')
    if (changed.has('projector')) this.stage?.fit()
  }

  private stagePanel() {
    const { store, slots, walk } = this.page
    const page = store.state
    const { timeline } = walk
    const narration = timeline && narrate(timeline, page.step)
    return html`<section class="stage" aria-label="Stage">
      <gw-notice .busy=${page.busy} .notice=${page.notice}></gw-notice>
      ${
        slots.isFilled('picture')
          ? slots.render('picture')
          : timeline
            ? html`<gw-stage .graph=${timeline.graph} .iteration=${timeline.iteration} .frame=${follow(walk.frames)}
              .selected=${page.selected} .failed=${page.head?.outcome.error?.node ?? null} .loss=${walk.lossNode}
              .theme=${page.theme} .pullable=${this.page.pullable} .open=${page.open} .decorations=${this.page.decorations}></gw-stage>
            ${slots.render('stage')}
            <gw-narration .parts=${narration?.parts ?? []} .text=${page.variation?.moving ? '' : (narration?.text ?? '')}
              .phase=${timeline.steps[page.step]?.phase ?? 'forward'} .playing=${page.playing}></gw-narration>${slots.render('card')}`
            : emptyStage(page)
      }
    </section>`
  }

  private sidePanel() {
    const { panels, slots } = this.page
    const { tabs } = slots
    return html`<aside class="side" aria-label="Inspector and lesson" ?hidden=${panels.sizes.inspector === 0}>
      ${
        tabs.length > 1
          ? html`<div class="tabs" role="tablist" aria-label="Side panel">${tabs.map(
              ({
                id,
                view,
              }) => html`<button role="tab" aria-selected=${panels.panel === id} title=${view.hint ?? nothing}
                @click=${() => panels.showPanel(id)}>${view.title()}</button>`,
            )}</div>`
          : nothing
      }
      ${slots.panel()}
    </aside>`
  }

  private async start(): Promise<void> {
    const { address, panels, session } = this.page
    const place = address.place
    const given = place.step ?? place.node ?? place.snapshot
    if (given === null || place.stop !== null) panels.panel = 'lesson'
    if (place.training) panels.showView('training')
    void session.listLessons()
    await session.open({ ...place, lesson: place.lesson ?? (this.lesson || null) }, this.snapshot || null)
  }

  /** Opens a dialog of the page's own, whose script is loaded first. */
  private async show(tag: string, name: string, load: () => Promise<unknown>): Promise<void> {
    try {
      await load()
    } catch {
      return this.page.notify({ kind: 'error', text: lostText(name) })
    }
    this.renderRoot.querySelector<HTMLElement & { show(): void }>(tag)?.show()
  }

  private escape(): void {
    const { store, session } = this.page
    if (this.page.escape()) return
    if (store.state.selected !== null) session.select(null)
    else if (this.projector) this.projector = false
    else void session.compare(null)
  }

  /** What was searched is shown, whatever is closed around it. */
  private readonly onFound = (e: CustomEvent<PageEvents['gw-select']>) => {
    e.stopPropagation()
    this.page.find(e.detail.node)
  }

  private readonly onPopState = () => void this.page.open(this.page.address.place)
}
