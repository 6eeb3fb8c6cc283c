/**
 * The player: the stage, the timeline and the sentence of every step, of one snapshot that is only looked at. It is the page of an
 * exported file, where the snapshot comes out of the file, and program and inspector stand beside the stage; and, with `embed`, of a frame in
 * another page, where it comes from the server.
 */

import { html, LitElement, nothing } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { Client } from '../api/client'
import { gapsIn } from '../core/recording-gaps'
import { besideOf } from '../features/compare/open-compared-run'
import { reading } from '../features/reading'
import type { Action } from '../page/actions'
import type { Page, StageHandle } from '../page/context'
import { pictureActions, walkActions } from '../page/core-actions'
import type { CreateFeature } from '../page/feature'
import { PageController } from '../page/page-controller'
import { USUAL } from '../page/panel-sizes'
import { stageRoom } from '../page/stage-area-styles'
import { stagePanel } from '../page/stage-panel'
import { currentPlace, ranSource } from '../page/state'
import { formatPlace } from '../page/url'
import type { PageEvents } from '../ui/events'
import { controls } from '../ui/styles'
import { lineOf } from '../walk/timeline'
import { type Embedded, embeddedIn } from './embedded-snapshot'
import { NO_DRAFTS } from './no-drafts'
import { placeFromText, textOf } from './player-place'
import { layout } from './player-styles'

/** A link into a comparison counts the steps of both runs together: its place is there only when both are. */
const pairs: CreateFeature = ({ client }) => ({ id: 'pairs', hooks: { beforeShow: besideOf(client) } })

@customElement('gradwalk-player')
export class GradwalkPlayer extends LitElement {
  /** The title of the page. */
  @property() heading = ''
  /** The lesson of a frame that shows a lesson. */
  @property() lesson = ''
  /** The id of the snapshot, where the server knows it. */
  @property() snapshot = ''
  /** True in a frame of another page. */
  @property({ type: Boolean }) embed = false
  @query('gw-stage') private stage!: StageHandle | null

  private readonly embedded: Embedded | null = embeddedIn(document)
  private readonly page = new PageController(this, {
    client: clientOf(this.embedded),
    features: [reading, pairs],
    actions: (page) => [...walkActions(page), ...pictureActions(page), deselect(page)],
    drafts: NO_DRAFTS,
    // nothing of a player is arranged by its reader
    sizes: { ...USUAL, training: 0 },
    isTitled: false,
    stage: () => this.stage,
  })

  static override styles = [controls, stageRoom, layout]

  override connectedCallback(): void {
    super.connectedCallback()
    this.page.store.subscribe(() => this.tellAddress())
    window.addEventListener('hashchange', this.onHash)
    void this.open(this.embedded ? window.location.hash : window.location.search)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('hashchange', this.onHash)
  }

  override render() {
    const { store, walk, slots } = this.page
    const page = store.state
    return html`
      <header>${this.top()}</header>
      <main class=${this.embed ? 'alone' : ''} @gw-show-line=${this.onShowLine}>
        ${this.embed ? nothing : this.listing()} ${stagePanel(this.page)}
        ${this.embed ? nothing : this.inspector()}
      </main>
      <footer aria-label="Timeline">
        <gw-timeline .timeline=${walk.timeline} .step=${page.step} .playing=${page.playing} .speed=${page.speed}
          .iterations=${page.head?.iterations ?? []} .gaps=${gapsIn(page.head)} .iteration=${page.iteration}
          .training=${null}></gw-timeline>
      </footer>${slots.dialogs()}`
  }

  private top() {
    const { theme } = this.page.store.state
    const next = theme === 'light' ? 'dark' : 'light'
    return html`<span class="logo">Grad<span>walk</span></span><h1>${this.heading}</h1>
      <span class="keys">← → steps · Space plays · [ ] iterations</span>
      ${
        this.embed
          ? html`<a class="button" target="_blank" rel="noopener" href=${this.address}>Open in Gradwalk</a>`
          : html`<button class="button square" aria-label="Switch to the ${next} theme" title="Switch to the ${next} theme"
            @click=${() => this.page.switchTheme()}>${theme === 'light' ? '☾' : '☀'}</button>`
      }`
  }

  private listing() {
    const { store, walk } = this.page
    const step = walk.timeline?.steps[store.state.step]
    const line = walk.timeline && step ? lineOf(walk.timeline, step) : null
    return html`<gw-listing role="region" aria-label="Program" .source=${ranSource(store.state)} .line=${line}
      .phase=${step?.phase ?? 'forward'}></gw-listing>`
  }

  private inspector() {
    const { store, walk } = this.page
    const page = store.state
    return html`<aside aria-label="Inspector"><gw-inspector .timeline=${walk.timeline} .step=${page.step}
      .node=${page.selected ?? walk.activeNode} .pinned=${page.selected !== null} .source=${ranSource(page)}
      .error=${page.head?.outcome.error ?? null} .theme=${page.theme} .load=${this.loadTensor}></gw-inspector></aside>`
  }

  /** The address of this step on the page of the same server. */
  private get address(): string {
    const place = currentPlace(this.page.store.state)
    return formatPlace(this.lesson === '' ? { ...place, lesson: null } : place)
  }

  private readonly loadTensor = (id: string) => this.page.session.tensor(id)

  private async open(end: string): Promise<void> {
    const place = placeFromText(end.replace(/^[?#]/, ''))
    if (this.embedded === null)
      return this.page.session.open(
        { ...place, lesson: this.lesson || null, snapshot: this.lesson ? null : this.snapshot },
        this.snapshot || null,
      )
    const iteration = place.iteration ?? this.embedded.iterations[0] ?? null
    await this.page.session.open({ ...place, iteration, snapshot: this.embedded.id })
  }

  /** The end of a file's address names the step, so that it opens there again. */
  private tellAddress(): void {
    if (this.embedded === null || this.page.store.state.head === null || this.page.store.state.busy !== null) return
    const hash = `#${textOf(currentPlace(this.page.store.state))}`
    if (hash !== window.location.hash) window.history.replaceState(null, '', hash)
  }

  private onHash = () => {
    if (this.embedded !== null) void this.open(window.location.hash)
  }

  /** A line of the program is in view already: its step is what there is to show. */
  private readonly onShowLine = (e: CustomEvent<PageEvents['gw-show-line']>) => {
    e.stopPropagation()
    this.page.goToLine(e.detail.line)
  }
}

function deselect({ session }: Page): Action {
  const run = () => session.select(null)
  return { id: 'escape', label: 'Deselect', keys: ['Escape'], shown: 'Esc', group: 'Page', run }
}

function clientOf(embedded: Embedded | null): Client {
  return embedded === null ? new Client() : new Client('', embedded.fetch)
}
