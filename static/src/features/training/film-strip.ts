/** One node over the iterations as a row of cells that share one scale; the cells in view are fetched, no others. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { divergingRgb } from '../../core/colours'
import type { Graph, Iteration, SnapshotHead } from '../../core/contract'
import { isEvaluation, iterationName, turnText } from '../../core/iteration-names'
import { labelOf, nodeOf } from '../../core/labels'
import { formatNumber } from '../../core/numbers'
import type { Theme } from '../../core/theme'
import { placeAfter } from '../../ui/chart/arrow-choice'
import { Measured } from '../../ui/element-size'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import { sameNode } from '../../walk/counterpart'
import {
  type Content,
  cellsOf,
  contentOf,
  contentText,
  inView,
  sharedScale,
  strideOf,
  tensorOf,
  type What,
} from './film'
import { Reel } from './film-reel'
import './film-cell'

/** Fetches an iteration's body. */
export type Look = (k: number, signal: AbortSignal) => Promise<Iteration>

/** Pixels from one cell to the next. */
const CELL = 110
const LEGEND = 81
const TITLES: Record<What, string> = { value: 'Value', gradient: 'Gradient' }

@customElement('gw-film')
export class FilmStrip extends LitElement {
  @property({ attribute: false }) head: SnapshotHead | null = null
  /** The graph on show, which `node` belongs to. */
  @property({ attribute: false }) graph: Graph | null = null
  @property({ attribute: false }) node: string | null = null
  /** True if the reader chose the node. */
  @property({ type: Boolean }) chosen = false
  /** The iteration on show, from 0. */
  @property({ attribute: false }) iteration = 0
  @property({ attribute: false }) pointed: number | null = null
  @property() theme: Theme = 'light'
  @property({ attribute: false }) look: Look | null = null
  @state() private what: What = 'value'
  @state() private scrolled = 0
  @query('.strip') private strip!: HTMLElement | null
  @query('canvas') private legend!: HTMLCanvasElement | null
  private readonly size = new Measured(this)
  private reel: Reel<Content> | null = null
  /** The subject of the reel, and the last request. */
  private key = ''
  private asked = ''
  private cells: readonly number[] = []

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 6px;
        min-height: 0;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 14px;
        font-size: 13.5px;
      }

      h3 {
        overflow: hidden;
        max-width: 40%;
        margin: 0;
        font-size: 15px;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .switch {
        display: flex;
      }

      .switch button {
        padding: 3px 10px;
        border: 1px solid var(--line-strong);
        background: var(--card);
        cursor: pointer;
      }

      .switch button:first-child {
        border-radius: 6px 0 0 6px;
      }

      .switch button:last-child {
        margin-left: -1px;
        border-radius: 0 6px 6px 0;
      }

      .switch button[aria-pressed='true'] {
        background: var(--strong);
        color: var(--on-strong);
      }

      .scale {
        display: flex;
        align-items: center;
        gap: 6px;
        font-variant-numeric: tabular-nums;
      }

      canvas {
        width: 90px;
        height: 12px;
        border-radius: 3px;
        image-rendering: pixelated;
      }

      .muted {
        color: var(--muted);
      }

      .error {
        color: var(--error);
      }

      .strip {
        display: flex;
        flex: 1;
        gap: 6px;
        min-height: 76px;
        padding: 2px;
        overflow: auto hidden;
      }
    `,
  ]

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.reel?.close()
    this.reel = null
    this.key = ''
  }

  protected override willUpdate(): void {
    this.cells = cellsOf(this.head?.iterations.length ?? 0, this.iteration)
    const nodes = this.nodes()
    const key = nodes === null ? '' : `${this.head?.id} ${this.what} ${nodes.join()}`
    if (key === this.key) return
    this.key = key
    this.asked = ''
    this.reel?.close()
    this.reel =
      nodes &&
      new Reel(
        (k, signal) => this.shoot(k, nodes, this.what, signal),
        () => this.requestUpdate(),
      )
  }

  override render() {
    if (!this.graph || !this.node) return html`<p class="muted">Select a node in the picture to see it here.</p>`
    const contents = this.reel?.contents ?? []
    const scale = Math.max(sharedScale(contents), this.knownScale())
    const stride = strideOf(this.head?.iterations.length ?? 0)
    const failed = this.cells.map((k) => this.reel?.at(k)).find((shot) => shot?.state === 'failed')
    const at = this.place
    const name = nodeOf(this.graph, this.node)?.name ?? labelOf(this.graph, this.node)
    return html`
      <header role="none">
        <h3>${name}</h3>
        <div class="switch" role="group" aria-label="What the cells show">${(['value', 'gradient'] as const).map(
          (what) =>
            html`<button aria-pressed=${what === this.what} @click=${() => this.show(what)}>${TITLES[what]}</button>`,
        )}</div>
        ${
          scale > 0
            ? this.scaleText(
                scale,
                contents.some(({ kind }) => kind === 'map'),
              )
            : nothing
        }
        ${stride > 1 ? html`<span class="muted">every ${ordinal(stride)} iteration</span>` : nothing}
        ${this.chosen ? nothing : html`<span class="muted">Select another node in the picture to see it here.</span>`}
        ${failed?.state === 'failed' ? this.failure(failed.message) : nothing}
      </header>
      <div class="strip" role="listbox" tabindex="0" aria-label="${TITLES[this.what]} of ${name} by iteration"
        aria-activedescendant="cell-${this.cells[at]}" @scroll=${this.onScroll} @keydown=${this.onKey}
        @blur=${() => this.tell(null)} @pointerleave=${() => this.tell(null)}>
        ${this.cells.map((k, i) => this.cell(k, i === at, scale))}
      </div>
    `
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('iteration') || changed.has('node') || this.asked === '')
      this.reveal(this.cells.indexOf(this.iteration))
    this.ask()
    this.paintLegend()
  }

  private cell(k: number, here: boolean, scale: number) {
    const shot = this.reel?.at(k) ?? null
    const content = shot?.state === 'there' ? shot.content : null
    const words = content ? contentText(content) : shot ? 'not loaded' : 'loading'
    const all = this.head?.iterations ?? []
    const name = `${iterationName(all, k)}: ${words}`
    return html`<gw-film-cell id="cell-${k}" role="option" aria-selected=${k === this.iteration}
      aria-label=${name} .iteration=${k} .turn=${turnText(all[k])} .evaluation=${isEvaluation(all[k])} .content=${content} .scale=${scale} .what=${this.what}
      .theme=${this.theme} .current=${k === this.iteration} .pointed=${here && this.pointed !== null}
      .failed=${shot?.state === 'failed'} title=${name}
      @pointerenter=${() => this.tell(k)} @click=${() => this.go(k)}></gw-film-cell>`
  }

  private scaleText(scale: number, coloured: boolean) {
    const [low, high] = [`−${formatNumber(scale, 3)}`, formatNumber(scale, 3)]
    if (!coloured) return html`<span class="muted">one scale for all cells, from ${low} to ${high}</span>`
    return html`<span class="scale">${low} <canvas width=${LEGEND} height="1" aria-hidden="true"></canvas> ${high}
      <span class="muted">one scale for all cells</span></span>`
  }

  private failure(message: string) {
    return html`<span class="error" role="status">${message}
      <button class="link" @click=${this.askAgain}>Try again</button></span>`
  }

  /** The node in each graph of the snapshot. */
  private nodes(): (string | null)[] | null {
    const { head, graph, node } = this
    return head && graph && node ? head.graphs.map((one) => sameNode(graph, one, node)) : null
  }

  private async shoot(k: number, nodes: readonly (string | null)[], what: What, signal: AbortSignal): Promise<Content> {
    const at = this.head?.graphs.findIndex(({ id }) => id === this.head?.iterations[k]?.graph) ?? -1
    const node = nodes[at] ?? null
    if (node === null || this.look === null) return { kind: 'none' }
    return contentOf(tensorOf(await this.look(k, signal), node, what))
  }

  /** The values of a parameter are known for all iterations, so that its scale stands still while the cells come. */
  private knownScale(): number {
    if (this.what !== 'value') return 0
    const at = this.head?.graphs.findIndex(({ id }) => id === this.graph?.id) ?? -1
    const leaf = this.head?.course?.leaves?.find(({ nodes }) => nodes[at] === this.node)
    const ends = [...(leaf?.low ?? []), ...(leaf?.high ?? [])]
    return ends.reduce<number>((most, x) => (typeof x === 'number' ? Math.max(most, Math.abs(x)) : most), 0)
  }

  /** The reader's place: the cell that they look at, or the iteration on show. */
  private get place(): number {
    const wanted = this.pointed ?? this.iteration
    return Math.max(
      0,
      this.cells.findLastIndex((k) => k <= wanted),
    )
  }

  private ask(): void {
    if (this.reel === null || this.size.width === 0) return
    const { from, to } = inView(this.scrolled, this.size.width, CELL, this.cells.length)
    const wanted = this.cells.slice(from, to + 1)
    const asked = wanted.join()
    if (asked === this.asked) return
    this.asked = asked
    this.reel.want(wanted)
  }

  private askAgain = () => {
    this.asked = ''
    this.requestUpdate()
  }

  private show(what: What): void {
    this.what = what
  }

  /** Scrolls so that a cell is in view. */
  private reveal(at: number): void {
    const { strip } = this
    if (!strip || at < 0) return
    const [left, right] = [at * CELL - CELL, (at + 2) * CELL]
    if (left < strip.scrollLeft) strip.scrollLeft = left
    else if (right > strip.scrollLeft + strip.clientWidth) strip.scrollLeft = right - strip.clientWidth
  }

  private onScroll = () => {
    this.scrolled = this.strip?.scrollLeft ?? 0
  }

  private onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const to = placeAfter(event.key, this.place, this.cells.length)
    if (to !== null) {
      this.reveal(to)
      this.tell(this.cells[to] ?? null)
    } else if (event.key === 'Enter') this.go(this.cells[this.place] ?? this.iteration)
    else if (event.key === 'Escape' && this.pointed !== null) this.tell(null)
    else return
    event.preventDefault()
  }

  private go(index: number): void {
    send(this, 'gw-iteration', { index })
  }

  private tell(iteration: number | null): void {
    if (iteration !== this.pointed) send(this, 'gw-point', { iteration })
  }

  private paintLegend(): void {
    const context = this.legend?.getContext('2d')
    if (!context) return
    const image = context.createImageData(LEGEND, 1)
    for (let i = 0; i < LEGEND; i += 1)
      image.data.set([...divergingRgb((2 * i) / (LEGEND - 1) - 1, 1, this.theme), 255], 4 * i)
    context.putImageData(image, 0, 0)
  }
}

/** "2nd", "5th", "10th": strides are 1, 2 or 5 times a power of ten. */
function ordinal(stride: number): string {
  return stride === 2 ? '2nd' : `${stride}th`
}
