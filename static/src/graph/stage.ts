/** The stage: one svg with the graph, drawn by D3, that can be moved and zoomed. */

import { select } from 'd3-selection'
import { type ZoomBehavior, zoom, zoomIdentity } from 'd3-zoom'
import { html, LitElement } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import type { Graph, Iteration, Node } from '../api/types'
import type { Theme } from '../theme'
import type { Frame } from '../timeline/timeline'
import { type Layout, layout, type Rectangle } from './layout'
import { LONGEST_NAME, render } from './render'
import type { NodeSize } from './satellites'
import { stageStyles } from './stage-styles'
import { signOf } from './symbols'
import { blockOf } from './tensors'

/** Above this many nodes the groups start closed. */
const OPEN_UP_TO = 60
/** Space kept free: above for the legend, below for the narration. */
const MARGIN = { x: 20, top: 42, bottom: 98 }
/** Between what stands beside the drawing and the end of the stage. */
const EDGE = 8
/**
 * A drawing that is a little too large is shown whole, a little small, for a part would say less; one that must be cut anyway is
 * shown so that it can be read from the last row. Above the largest scale a card looks coarse.
 */
const SCALES = { whole: 0.65, read: 0.8, most: 1.5 }

@customElement('gw-stage')
export class Stage extends LitElement {
  @property({ attribute: false }) graph: Graph | null = null
  @property({ attribute: false }) iteration: Iteration | null = null
  @property({ attribute: false }) frame: Frame | null = null
  @property({ attribute: false }) selected: string | null = null
  @property({ attribute: false }) failed: string | null = null
  @property({ attribute: false }) loss: string | null = null
  @property({ attribute: false }) theme: Theme = 'light'
  @property({ attribute: false }) open: ReadonlySet<string> | null = null

  @query('svg') private svg!: SVGSVGElement
  @query('g.canvas') private canvas!: SVGGElement

  private drawn: Layout | null = null
  private behaviour: ZoomBehavior<SVGSVGElement, unknown> = zoom<SVGSVGElement, unknown>()
  private readonly resized = new ResizeObserver(() => {
    this.fit()
    this.draw()
  })
  private moved = false
  /** Whether all of the drawing is in view where `fit` put it. */
  private whole = false

  static override styles = stageStyles

  override render() {
    return html`<svg role="group" aria-label="The graph of the program"><g class="canvas"></g></svg>
      <div class="legend" aria-hidden="true">
        <span><i class="value"></i>value</span><span><i class="gradient"></i>gradient ∂L/∂·</span
        ><span><i class="learns"></i>learns</span>
      </div>`
  }

  override firstUpdated(): void {
    this.behaviour
      .scaleExtent([0.15, 4])
      .on('zoom', (event: { transform: { toString(): string }; sourceEvent: Event | null }) => {
        if (event.sourceEvent !== null) this.moved = true
        this.canvas.setAttribute('transform', event.transform.toString())
      })
    select(this.svg)
      .call(this.behaviour)
      .on('dblclick.zoom', () => this.fit())
      .on('click', () => this.tell('gw-select', { node: null }))
    this.resized.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.resized.disconnect()
  }

  override updated(changed: Map<string, unknown>): void {
    if (this.graph === null) return
    if (changed.has('graph') || changed.has('open') || (changed.has('iteration') && this.drawn === null)) {
      this.drawn = layout(this.graph, this.openGroups(), (id) => this.sizeOf(id))
      this.fit()
    } else if (changed.has('frame')) {
      this.follow()
    }
    this.draw()
  }

  /** Shows the whole graph, or as much of it as can be read. */
  fit(): void {
    if (this.drawn === null || this.svg.clientWidth === 0) return
    this.moved = false
    const [width, height] = [this.svg.clientWidth - 2 * MARGIN.x, this.svg.clientHeight - MARGIN.top - MARGIN.bottom]
    const whole = Math.min(width / this.drawn.width, height / this.drawn.height)
    this.whole = whole >= SCALES.whole
    const k = this.whole ? Math.min(SCALES.most, whole) : SCALES.read
    const x = MARGIN.x + Math.max(0, (width - this.drawn.width * k) / 2)
    const y = MARGIN.top + Math.max(0, (height - this.drawn.height * k) / 2)
    select(this.svg).call(this.behaviour.transform, zoomIdentity.translate(x, y).scale(k))
    this.follow()
  }

  /** Zooms by a factor around the middle. */
  zoomBy(factor: number): void {
    this.moved = true
    select(this.svg).call(this.behaviour.scaleBy, factor)
  }

  private openGroups(): ReadonlySet<string> {
    if (this.open !== null) return this.open
    const graph = this.graph
    if (graph === null || graph.nodes.length > OPEN_UP_TO) return new Set()
    return new Set(graph.groups.map((g) => g.id))
  }

  private sizeOf(id: string): NodeSize {
    const node = this.graph?.nodes.find((n) => n.id === id) as Node
    const shape = this.iteration?.values[id]?.[0]?.shape ?? []
    const block = blockOf(shape)
    const sign = signOf(node)
    const leaf = node.op === null
    const word = sign.length > 3 ? Math.min(sign.length, LONGEST_NAME) * 9.4 + 20 : 0
    const name = leaf ? 0 : Math.min(node.name?.length ?? 0, LONGEST_NAME) * 7.4 + 14
    return {
      width: Math.max(leaf ? 58 : 64, word, name, block.width),
      // the leaves of a module are many, and stand close to their operation
      card: leaf ? (node.group === null ? 46 : 36) : 52,
      above: block.height + 6,
      below: node.requires_grad ? block.height + 6 : 4,
    }
  }

  private draw(): void {
    if (this.graph === null || this.drawn === null || this.frame === null) return
    const { graph, frame, selected, failed, loss, theme } = this
    const scene = { graph, layout: this.drawn, view: this.view(), frame, selected, failed, loss, theme }
    render(this.canvas, scene, this.handlers)
  }

  /** What of the drawing's plane can be seen, below the legend and above the narration. */
  private view(): Rectangle {
    const { a: k = 1, e: x = 0, f: y = 0 } = this.canvas.transform.baseVal.consolidate()?.matrix ?? {}
    const [width, height] = [this.svg.clientWidth - 2 * EDGE, this.svg.clientHeight - MARGIN.top - MARGIN.bottom]
    return { x: (EDGE - x) / k, y: (MARGIN.top - y) / k, width: width / k, height: height / k }
  }

  private readonly handlers = {
    select: (node: string) => this.tell('gw-select', { node }),
    toggle: (group: string) => {
      const open = new Set(this.openGroups())
      if (!open.delete(group)) open.add(group)
      this.open = open
      this.tell('gw-open', { group, open: open.has(group) })
    },
  }

  /** Brings the step's node into view when the graph is larger than the stage and the reader has not moved it. */
  private follow(): void {
    const box = this.frame === null ? undefined : this.drawn?.cards.get(this.frame.active)
    const transform = this.canvas.transform.baseVal.consolidate()?.matrix
    if (box === undefined || transform === undefined || this.moved || this.whole) return
    const { a: k, e: x, f: y } = transform
    const [left, top] = [box.x * k + x, box.y * k + y]
    const [right, bottom] = [left + box.width * k, top + box.height * k]
    const inside =
      left > 20 && top > 60 && right < this.svg.clientWidth - 20 && bottom < this.svg.clientHeight - MARGIN.bottom - 30
    if (inside) return
    const centre = { x: this.svg.clientWidth / 2, y: (this.svg.clientHeight - MARGIN.bottom) / 2 + 20 }
    const target = zoomIdentity
      .translate(centre.x - (box.x + box.width / 2) * k, centre.y - (box.y + box.height / 2) * k)
      .scale(k)
    select(this.svg).call(this.behaviour.transform, target)
  }

  private tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }
}
