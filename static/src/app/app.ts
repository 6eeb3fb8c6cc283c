/** The page: places, the features that fill them, and the client that they talk to the server with. */

import { html, LitElement } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { Client } from '../api/client'
import { gapsIn } from '../core/recording-gaps'
import { FEATURES } from '../features'
import type { EditorHandle, StageHandle } from '../page/context'
import { pageActions, pictureActions, programActions, walkActions } from '../page/core-actions'
import type { CreateFeature } from '../page/feature'
import { PageController } from '../page/page-controller'
import { PAGE_DIALOGS } from '../page/page-dialogs'
import { split, viewTabs } from '../page/panels'
import { readTastes } from '../page/preferences'
import { sidePanel } from '../page/side-panel'
import { stageRoom } from '../page/stage-area-styles'
import { stagePanel } from '../page/stage-panel'
import { calledOf, isOwn } from '../page/state'
import { findingForms } from '../ui/severity-mark'
import { controls } from '../ui/styles'
import { layout } from './app-styles'

@customElement('gradwalk-app')
export class GradwalkApp extends LitElement {
  /** The slug of the lesson of this page's address; empty: the address is not a lesson's. */
  @property() lesson = ''
  /** The id of the snapshot that the server has for this address; empty: it has none. */
  @property() snapshot = ''
  @query('gw-stage, gw-compare') private stage!: StageHandle | null
  @query('gw-editor') private editor!: EditorHandle | null

  private readonly page: PageController
  private stopWatching = () => {}

  static override styles = [controls, stageRoom, layout, findingForms]

  constructor(features: readonly CreateFeature[] = FEATURES, client = new Client()) {
    super()
    this.page = new PageController(this, {
      client,
      features: [...PAGE_DIALOGS, ...features],
      actions: (page) => [...walkActions(page), ...pictureActions(page), ...programActions(page), ...pageActions(page)],
      initial: readTastes(),
      stage: () => this.stage,
      editor: () => this.editor,
    })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.stopWatching = this.page.session.drafting.watchDrafts()
    window.addEventListener('popstate', this.onPopState)
    this.page.address.follow()
    void this.page.start(this.lesson || null, this.snapshot || null)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stopWatching()
    window.removeEventListener('popstate', this.onPopState)
  }

  override render() {
    const { panels, slots, store } = this.page
    const { head, lesson } = store.state
    return html`
      ${this.header()}
      ${viewTabs(panels, slots.isFilled('drawer'))}
      <main data-view=${panels.view} class=${panels.panel === 'lesson' && lesson ? 'reading' : ''}>
        <h1 class="heard">${calledOf(store.state)}</h1>
        <section class="program ${head?.outcome.error ? 'failed' : ''}" aria-label="Program"
          ?hidden=${panels.sizes.program === 0}>${slots.render('program')}</section>
        ${split(panels, 'program', 'Width of the program', 'right')}
        ${stagePanel(this.page)}
        ${split(panels, 'inspector', 'Width of the inspector', 'left')} ${sidePanel(this.page)}
      </main>
      ${slots.render('drawer')}
      <footer aria-label="Timeline">${this.timeline()}</footer>
      ${slots.dialogs()}${slots.render('status')}
    `
  }

  private header() {
    const { actions, panels, slots, store } = this.page
    const { busy, lesson, lessons, theme } = store.state
    return html`<gw-header role="banner" .lessons=${lessons} .lesson=${lesson} .own=${isOwn(store.state)} .theme=${theme}
      .running=${busy?.what === 'running'} .reading=${panels.panel === 'lesson'}
      .actions=${actions.all}>${slots.render('header')}</gw-header>`
  }

  private timeline() {
    const { loneSteps, panels, store, walk } = this.page
    const { breakpoints, head, iteration, playing, speed, step } = store.state
    return html`<gw-timeline .timeline=${walk.timeline} .step=${step} .lone=${loneSteps} .playing=${playing} .speed=${speed}
      .breakpoints=${breakpoints} .iterations=${head?.iterations ?? []} .gaps=${gapsIn(head)} .iteration=${iteration}
      .training=${panels.sizes.training > 0}></gw-timeline>`
  }

  private readonly onPopState = () => void this.page.open(this.page.address.place)
}
