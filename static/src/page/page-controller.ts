/** The page: it owns the state, the walk and the features, and does what several of them ask for. */

import { adoptStyles, type LitElement, type ReactiveController } from 'lit'
import type { Client } from '../api/client'
import { nodeOf } from '../core/labels'
import { memoiseLast } from '../core/memoise'
import { Store } from '../core/store'
import { initialTheme } from '../core/theme'
import type { WordFinder } from '../core/word-finder'
import { type Decorations, mergeDecorations, nodeDecorations } from '../stage/decorations'
import type { PageEvents } from '../ui/events'
import type { LoneStep } from '../walk/model'
import { stepOfLine } from '../walk/steps'
import { type Action, ActionRegistry } from './actions'
import { Address } from './address'
import { Arrangement } from './arrangement'
import type { EditorHandle, Page, StageHandle } from './context'
import { PICTURE_KEYS } from './core-actions'
import type { Drafts } from './draft-book'
import type { CreateFeature, Disposable, Feature } from './feature'
import type { Beside, Hooks } from './hooks'
import { Keys } from './keys'
import { NodeParts } from './node-parts'
import type { PanelSizes } from './panel-sizes'
import { Session } from './session'
import { type Slice, type SliceHandle, Slices } from './slices'
import { INSPECTOR, SlotHost } from './slot-host'
import { calledOf, initialPage, type Notice, type PageState } from './state'
import { Theming } from './theme-controller'
import type { Place } from './url'
import { Walk } from './walk'

const NONE: ReadonlyMap<number, LoneStep> = new Map()
const NO_NODES: ReadonlySet<string> = new Set()

export interface PageParts {
  client: Client
  features: readonly CreateFeature[]
  /** The actions that are the page's own. */
  actions: (page: Page) => readonly Action[]
  /** The initial state, as far as it differs from an empty page. */
  initial?: Partial<PageState>
  drafts?: Drafts
  sizes?: PanelSizes
  /** True if the title of the document is the name of the program on show. True by default. */
  isTitled?: boolean
  /** The drawing and the editor, when they are there. */
  stage: () => StageHandle | null
  editor?: () => EditorHandle | null
}

export class PageController implements Page, ReactiveController {
  readonly store: Store<PageState>
  readonly client: Client
  readonly panels: Arrangement
  readonly session: Session
  readonly walk: Walk
  readonly address: Address
  readonly actions = new ActionRegistry()
  readonly slots: SlotHost
  readonly nodeParts: NodeParts
  words: WordFinder | null = null
  readonly features: readonly Feature[]
  private readonly slices: Slices
  private readonly theming: Theming
  private running: Disposable[] = []
  private readonly allMarks = memoiseLast((...all: readonly Decorations[]) => mergeDecorations(all))
  /** Breakpoints at lines have no node of that name, and are marked nowhere. */
  private readonly breakpointMarks = memoiseLast((breakpoints: PageState['breakpoints']) =>
    nodeDecorations(breakpoints.map((node) => [node, { isBreakpoint: true }])),
  )
  /** Listeners for the events by which elements ask the page for something. */
  private readonly listeners = [
    on('gw-action', ({ action }) => this.actions.run(action)),
    on('gw-panel', ({ panel }) => this.panels.showPanel(panel)),
    on('gw-select', ({ node }) => this.select(node)),
    on('gw-open', ({ open }) => this.store.update({ open })),
    on('gw-seek', ({ step }) => this.walk.player.seek(step)),
    on('gw-play', () => this.walk.player.toggle()),
    on('gw-speed', ({ speed }) => this.walk.player.setSpeed(speed)),
    on('gw-iteration', ({ index }) => void this.session.showIteration(index)),
    on('gw-line', ({ line }) => this.goToLine(line)),
    on('gw-show-line', ({ line }) => this.showLine(line)),
    on('gw-cancel', () => this.session.cancel()),
    on('gw-dismiss', () => this.store.update({ notice: null })),
    on('gw-retry', () => void this.retry()),
  ]

  constructor(
    readonly host: LitElement,
    private readonly parts: PageParts,
  ) {
    this.store = new Store({ ...initialPage(initialTheme()), ...parts.initial })
    // before any other subscriber: elements that follow the frames wait until the page was rendered
    this.store.subscribe((state, before) => {
      host.requestUpdate()
      if (parts.isTitled !== false && calledOf(state) !== calledOf(before)) showTitle(calledOf(state))
    })
    this.client = parts.client
    this.panels = new Arrangement(host, this.store, parts.sizes)
    this.slices = new Slices(this.store)
    const { drafts } = parts
    this.session = new Session(this.store, this.client, {
      ...(drafts && { drafts }),
      hooks: this.hooks(),
      slices: this.slices,
    })
    this.walk = new Walk(this.store)
    this.theming = new Theming(host, this.store)
    this.walk.player.gate = (from, to) =>
      this.features.reduce((far, { hooks }) => Math.min(far, hooks?.gate?.(from, far) ?? far), to)
    this.address = new Address(this.store, this.slices)
    this.slots = new SlotHost(this, () => this.features)
    this.nodeParts = new NodeParts(() => this.features.flatMap(({ slots }) => slots ?? []))
    this.features = parts.features.map((create) => create(this))
    this.actions.add(parts.actions(this))
    this.actions.addRows('Picture', PICTURE_KEYS)
    for (const { actions = [] } of this.features) this.actions.add(actions)
    for (const { keyRows = [], editorKeys = [] } of this.features) {
      this.actions.addRows('Look', keyRows)
      this.actions.addEditorKeys(editorKeys)
    }
    new Keys(host, this.actions)
    host.addController(this)
  }

  hostConnected(): void {
    for (const [type, listener] of this.listeners) this.host.addEventListener(type, listener)
    this.adoptStyles()
    this.running = this.features.flatMap(({ connect }) => connect?.() ?? [])
  }

  hostDisconnected(): void {
    for (const [type, listener] of this.listeners) this.host.removeEventListener(type, listener)
    this.walk.player.dispose()
    for (const one of this.running) one.dispose()
  }

  hostUpdated(): void {
    // an empty drawer takes no space
    if (!this.slots.isFilled('drawer')) this.host.style.setProperty('--training-size', '0px')
  }

  get stage(): StageHandle | null {
    return this.parts.stage()
  }

  get editor(): EditorHandle | null {
    return this.parts.editor?.() ?? null
  }

  slice<S extends object>(slice: Slice<S>): SliceHandle<S> {
    return this.slices.add(slice)
  }

  notify(notice: Notice): void {
    this.store.update({ notice })
  }

  openDialog(feature: string, ...given: unknown[]): Promise<void> {
    return this.slots.openDialog(feature, ...given)
  }

  open(place: Place): Promise<void> {
    return this.session.open(place)
  }

  /** Shows what the page begins with. `lesson`, `snapshot`: the lesson and the run of its address, where the server knows them. */
  async start(lesson: string | null, snapshot: string | null): Promise<void> {
    const { place } = this.address
    const given = place.step ?? place.node ?? place.snapshot
    if (given === null || place.stop !== null) this.panels.panel = 'lesson'
    if (place.training) this.panels.showView('training')
    void this.session.listLessons()
    await this.session.open({ ...place, lesson: place.lesson ?? lesson }, snapshot)
  }

  async run(): Promise<void> {
    if (!(await this.session.run())) return
    this.address.push()
    if (this.store.state.selected !== null) this.panels.showPanel(INSPECTOR)
  }

  /** Tries once more what failed. */
  async retry(): Promise<void> {
    await this.session.retry()
    this.address.push()
  }

  select(node: string | null): void {
    this.session.select(node)
    if (node === null) return
    if (this.panels.panel !== 'differences') this.panels.showPanel(INSPECTOR)
    const line = this.walk.timeline && nodeOf(this.walk.timeline.graph, node)?.line
    if (line) this.editor?.show(line)
  }

  find(node: string | null): void {
    this.select(node)
    if (node !== null) this.stage?.reveal(node)
  }

  showLine(line: number): void {
    this.panels.view = 'program'
    this.editor?.show(line)
  }

  goToLine(line: number): void {
    const step = stepOfLine(this.walk.timeline?.steps ?? [], line, this.store.state.step)
    if (step !== null) this.walk.player.seek(step)
  }

  /** Steps that only one of two compared runs has. */
  get loneSteps(): ReadonlyMap<number, LoneStep> {
    for (const { hooks } of this.features) if (hooks?.loneSteps) return hooks.loneSteps()
    return NONE
  }

  /** The nodes whose number can be dragged on the stage. */
  get pullable(): ReadonlySet<string> {
    for (const { hooks } of this.features) if (hooks?.pullable) return hooks.pullable()
    return NO_NODES
  }

  get shownOutput(): number {
    const entries = this.store.state.head?.console ?? []
    return this.features.reduce(
      (shown, { hooks }) => Math.min(shown, hooks?.shownOutput?.(entries) ?? shown),
      entries.length,
    )
  }

  /** The marks at nodes and edges of the stage: breakpoints, and those of all features. The same object while they do not change. */
  get decorations(): Decorations {
    const own = this.breakpointMarks(this.store.state.breakpoints)
    return this.allMarks(own, ...this.features.flatMap(({ decorations }) => decorations?.() ?? []))
  }

  /** Add the styles of the features to those of the page. */
  private adoptStyles(): void {
    const { elementStyles } = this.host.constructor as typeof LitElement
    const styles = this.features.flatMap((feature) => feature.styles ?? [])
    adoptStyles(this.host.renderRoot as ShadowRoot, [...elementStyles, ...styles])
  }

  switchTheme(): void {
    this.theming.switch()
  }

  async toggleProjector(): Promise<void> {
    this.panels.projector = !this.panels.projector
    await this.host.updateComplete
    this.stage?.fit()
  }

  escape(): void {
    if (this.features.some(({ hooks }) => hooks?.escape?.() ?? false)) return
    if (this.store.state.selected !== null) this.session.select(null)
    else if (this.panels.projector) void this.toggleProjector()
    else void this.session.compare(null)
  }

  /** The hooks of all features. They are asked when something is opened, which no feature does while it is made. */
  private hooks(): Pick<Hooks, 'openingPlace' | 'beforeShow' | 'afterShow'> {
    const all = <K extends keyof Hooks>(name: K) => this.features.flatMap(({ hooks }) => hooks?.[name] ?? [])
    return {
      openingPlace: (place, lesson) => all('openingPlace').reduce((at, hook) => hook(at, lesson), place),
      beforeShow: async (head, place, signal) => {
        let beside: Beside = { head, source: null, pair: null, refused: null }
        for (const hook of all('beforeShow')) {
          const next = await hook(beside.head, place, signal)
          beside = {
            head: next.head,
            source: next.source ?? beside.source,
            pair: next.pair ?? beside.pair,
            refused: next.refused ?? beside.refused,
          }
        }
        return beside
      },
      afterShow: () => {
        for (const hook of all('afterShow')) hook()
      },
    }
  }
}

function showTitle(called: string): void {
  document.title = called === 'Gradwalk' ? called : `${called} · Gradwalk`
}

function on<K extends keyof PageEvents>(
  type: K,
  act: (detail: PageEvents[K]) => void,
): [string, (event: Event) => void] {
  return [type, (event) => act((event as CustomEvent<PageEvents[K]>).detail)]
}
