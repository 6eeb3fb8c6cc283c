/** The stage: the element that shows the recorded step on show, at one altitude. */

import { adoptStyles, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Graph, Iteration } from '../core/contract'
import type { Theme } from '../core/theme'
import type { Frame } from '../walk/model'
import type { Altitude, AltitudeStage, StageEvents } from './altitude'
import { ALTITUDES, altitudeKind } from './altitudes'
import { anomalyStyles } from './anomaly-styles'
import type { Sight } from './camera'
import { decorationStyles } from './decoration-styles'
import { type Decorations, UNDECORATED } from './decorations'
import type { Pairing } from './pairing'
import type { PictureWords } from './picture'
import { stageStyles } from './stage-styles'

@customElement('gw-stage')
export class Stage extends LitElement implements AltitudeStage {
  /** The id of the altitude that is shown. */
  @property() altitude = ALTITUDES[0].id
  @property({ attribute: false }) graph: Graph | null = null
  @property({ attribute: false }) iteration: Iteration | null = null
  @property({ attribute: false }) frame: Frame | null = null
  @property({ attribute: false }) selected: string | null = null
  @property({ attribute: false }) failed: string | null = null
  @property({ attribute: false }) loss: string | null = null
  @property({ attribute: false }) decorations: Decorations = UNDECORATED
  @property({ attribute: false }) theme: Theme = 'light'
  @property({ attribute: false }) pullable: ReadonlySet<string> = new Set()
  @property({ attribute: false }) open: readonly string[] | null = null
  @property({ attribute: false }) pairing: Pairing | null = null
  @property({ type: Boolean, reflect: true }) bare = false
  @property({ type: Boolean }) guided = false

  readonly element = this
  private shown: Altitude | null = null
  /** True when the altitude has been mounted since the last rendering. */
  private isNew = false

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.shown !== null && !changed.has('altitude')) return
    this.shown?.dispose()
    const kind = altitudeKind(this.altitude)
    this.shown = kind.mount(this)
    this.isNew = true
    // decorations come last: they win over the looks of an altitude
    adoptStyles(this.renderRoot as ShadowRoot, [stageStyles, ...kind.styles, anomalyStyles, decorationStyles])
  }

  override render() {
    return this.shown?.render() ?? nothing
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { elementProperties } = this.constructor as typeof Stage
    this.shown?.show(new Set(this.isNew ? elementProperties.keys() : changed.keys()))
    this.isNew = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.shown?.dispose()
  }

  /** Show the whole drawing, or as much of it as can be read. */
  fit(): void {
    this.shown?.fit()
  }

  /** Zoom by a factor around the middle. */
  zoomBy(factor: number): void {
    this.shown?.zoomBy(factor)
  }

  /** Look where another stage looks, which draws the same. */
  look(sight: Sight): void {
    this.shown?.look(sight)
  }

  /** Open what is closed around a node, and bring the node into view. */
  reveal(node: string): void {
    this.shown?.reveal(node)
  }

  /** Open a closed group, or close an open one. */
  toggle(group: string): void {
    this.shown?.toggle(group)
  }

  /** Open all groups, or close them when they are open. */
  toggleAll(): void {
    this.shown?.toggleAll()
  }

  /** Return the nodes of the group that a node is in, as it is drawn; none outside of all groups. */
  membersAround(node: string): ReadonlySet<string> {
    return this.shown?.membersAround(node) ?? new Set()
  }

  /** Return the whole drawing as an svg document; null when nothing is drawn. */
  async picture(theme: Theme, words: PictureWords): Promise<string | null> {
    return (await this.shown?.picture(theme, words)) ?? null
  }

  /** Take over which groups are open, and tell the page. */
  openGroups(groups: readonly string[]): void {
    this.open = groups
    this.tell('gw-open', { open: groups })
  }

  /** Tell the page, or the stage that leads, what the reader did. */
  tell<K extends keyof StageEvents>(type: K, detail: StageEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }
}
