/** The drawer above the timeline that holds the training over time. What it holds is loaded when it is first opened. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Graph, SnapshotHead } from '../../core/contract'
import type { Theme } from '../../core/theme'
import { USUAL } from '../../page/panel-sizes'
import { send } from '../../ui/events'
import { LazyScripts } from '../../ui/lazy-scripts'
import type { Look } from './film-strip'
import '../../ui/split-handle'

/** A height that no window has: the drawer takes all there is between header and timeline. */
const LARGEST = 4000
const LEAST = 170

@customElement('gw-training-drawer')
export class TrainingDrawer extends LitElement {
  @property({ attribute: false }) head: SnapshotHead | null = null
  @property({ attribute: false }) graph: Graph | null = null
  @property({ attribute: false }) iteration = 0
  @property({ attribute: false }) selected: string | null = null
  @property() theme: Theme = 'light'
  @property({ attribute: false }) look: Look | null = null
  /** Its height in pixels; 0 is closed. */
  @property({ type: Number }) size = 0
  private readonly curves = new LazyScripts(this, () => import('./training-panel'))

  static override styles = css`
    :host {
      display: grid;
      grid-template-rows: 1px minmax(0, 1fr);
      min-height: 0;
      background: var(--panel);
    }

    p {
      margin: 0;
      padding: 16px;
      color: var(--muted);
    }
  `

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('size') && this.size > 0) void this.curves.load()
  }

  override render() {
    if (this.size === 0) return nothing
    return html`
      <gw-split label="Height of the training" .size=${Math.min(this.size, window.innerHeight)} .usual=${USUAL.training}
        .least=${LEAST} .most=${window.innerHeight} grows="up"></gw-split>
      ${this.curves.state === 'loaded' ? this.panel() : html`<p role="status">${this.waiting()}</p>`}
    `
  }

  private panel() {
    const large = this.size >= LARGEST
    return html`<gw-training .head=${this.head} .graph=${this.graph} .iteration=${this.iteration} .selected=${this.selected}
      .theme=${this.theme} .look=${this.look} .large=${large}
      @gw-enlarge=${() => send(this, 'gw-resize', { size: large ? USUAL.training : LARGEST })}></gw-training>`
  }

  private waiting(): string {
    if (this.curves.state !== 'lost') return 'Loading the curves …'
    return 'The curves could not be loaded: the server cannot be reached. The picture still works; close the training and open it again to try once more.'
  }
}
