/**
 * The contract of an altitude: one way to draw the recorded step on show, from the whole program down to the arithmetic of one operation.
 *
 * The stage shows one altitude at a time and renders it into its own shadow root. An altitude reads what it draws from the stage, asks
 * it for another rendering, and tells it what the reader did; it hears the pointer and the keys in its own drawing by itself.
 */

import type { CSSResult, TemplateResult } from 'lit'
import type { Graph, Iteration } from '../core/contract'
import type { Theme } from '../core/theme'
import type { PageEvents } from '../ui/events'
import type { Frame } from '../walk/model'
import type { Sight } from './camera'
import type { Decorations } from './decorations'
import type { Pairing } from './pairing'
import type { PictureWords } from './picture'

/** One kind of altitude, as the registry lists it. */
export interface AltitudeKind {
  readonly id: string
  /** The name that a reader sees. */
  readonly name: string
  readonly styles: readonly CSSResult[]
  /** Return a sentence that says why this altitude cannot draw an iteration; null when it can. */
  whyUnavailable(graph: Graph, iteration: Iteration | null): string | null
  /** Create the altitude for a stage that shows it from now on. */
  mount(stage: AltitudeStage): Altitude
}

/** A mounted altitude. */
export interface Altitude {
  /** Return the template of the altitude. The stage calls it whenever it renders. */
  render(): TemplateResult
  /** Draw what the stage shows now. `changed`: the fields that differ from those of the last call; all of them in the first one. */
  show(changed: ReadonlySet<PropertyKey>): void
  /** Show the whole drawing, or as much of it as can be read. */
  fit(): void
  /** Zoom by a factor around the middle. */
  zoomBy(factor: number): void
  /** Look where another stage looks, which draws the same. */
  look(sight: Sight): void
  /** Open what is closed around a node, and bring the node into view. */
  reveal(node: string): void
  /** Open a closed group, or close an open one. */
  toggle(group: string): void
  /** Open all groups, or close them when they are open. */
  toggleAll(): void
  /** Return the nodes of the group that a node is in, as it is drawn; none outside of all groups. */
  membersAround(node: string): ReadonlySet<string>
  /** Return the whole drawing as an svg document; null when nothing is drawn. */
  picture(theme: Theme, words: PictureWords): Promise<string | null>
  /** Release what outlives the drawing: observers, timers, workers. */
  dispose(): void
}

/** The content of the stage, which an altitude draws. */
export interface StageContent {
  readonly graph: Graph | null
  readonly iteration: Iteration | null
  readonly frame: Frame | null
  /** Ids of nodes. */
  readonly selected: string | null
  readonly failed: string | null
  readonly loss: string | null
  readonly decorations: Decorations
  readonly theme: Theme
  /** The nodes whose number can be dragged where it stands. */
  readonly pullable: ReadonlySet<string>
  /** Ids of the open groups; null: as many as can be read. */
  readonly open: readonly string[] | null
  /** What is shared with the other stage of a comparison; null on a stage of its own. */
  readonly pairing: Pairing | null
  /** Only the drawing is shown: legend and narration stand elsewhere. */
  readonly bare: boolean
  /** Another stage leads: this one looks where that one does, and asks it for whatever moves the drawing. */
  readonly guided: boolean
}

/** The stage, as an altitude sees it. */
export interface AltitudeStage extends StageContent {
  /** The element that the drawing fills. */
  readonly element: HTMLElement
  readonly renderRoot: HTMLElement | DocumentFragment
  requestUpdate(): void
  /** Take over which groups are open, and tell the page. */
  openGroups(groups: readonly string[]): void
  /** Tell the page, or the stage that leads, what the reader did. */
  tell<K extends keyof StageEvents>(type: K, detail: StageEvents[K]): void
}

/** The events of a stage. The last three are for the stage that is paired with it. */
export interface StageEvents extends Pick<PageEvents, 'gw-select' | 'gw-pull' | 'gw-open'> {
  'gw-sight': Sight
  'gw-fit': Record<string, never>
  'gw-toggle': { fold: string }
}
