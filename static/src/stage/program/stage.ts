/** The stage: one svg with the graph, drawn by D3, that can be moved and zoomed, and whose folds open in place. */

import { adoptStyles, html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Graph, Iteration, Node } from '../../core/contract'
import type { Theme } from '../../core/theme'
import type { Frame } from '../../walk/model'
import { Camera, type Sight } from '../camera'
import type { Point, Rectangle } from '../geometry'
import { legend, type Mark, marksIn, walkingKeys } from '../legend'
import { sizesOf } from './card-facts'
import { type Folds, foldsOf } from './folds'
import { glide, placesOf } from './glide'
import { Focus } from './keyboard-focus'
import { type Layout, layout } from './layout'
import { Arranging, arrangingText } from './layout-scheduler'
import { type Marked, onCards, UNMARKED } from './node-marks'
import '../minimap'
import { oddStyles } from '../anomaly-styles'
import { Pulling } from '../number-drag'
import { membersAround, type View, viewOf } from './graph-view'
import { boxOf } from './neighbours'
import { MOST_CARDS, openAll, openAtStart, type Size, seenSize, wayTo } from './opening-folds'
import { overlayStyles } from './overlay-styles'
import type { Words } from './picture'
import { render } from './render'
import type { CardSize } from './satellites'
import type { Commentary, Scene } from './scene'
import { seenIn } from './seen-frame'
import { stageStyles } from './stage-styles'

/** Of a graph of more nodes something will be laid out in the worker. */
const LARGE = 100

/** The properties that the drawing shows; the graph and what is open are arranged first. */
const DRAWN = ['frame', 'commentary', 'selected', 'failed', 'loss', 'theme', 'iteration', 'pullable', 'marked']

interface Drawn {
  view: View
  layout: Layout
  open: ReadonlySet<string>
}

@customElement('gw-stage')
export class Stage extends LitElement {
  @property({ attribute: false }) graph: Graph | null = null
  @property({ attribute: false }) iteration: Iteration | null = null
  @property({ attribute: false }) frame: Frame | null = null
  @property({ attribute: false }) selected: string | null = null
  @property({ attribute: false }) failed: string | null = null
  @property({ attribute: false }) marked: Marked = UNMARKED
  @property({ attribute: false }) loss: string | null = null
  @property({ attribute: false }) theme: Theme = 'light'
  /** The nodes whose number can be dragged where it stands. */
  @property({ attribute: false }) pullable: ReadonlySet<string> = new Set()
  /** Ids of the open folds; null: as many as can be read. */
  @property({ attribute: false }) open: readonly string[] | null = null
  @property({ attribute: false }) commentary: Commentary | null = null
  /** Nothing but the drawing: legend and narration stand elsewhere. */
  @property({ type: Boolean, reflect: true }) bare = false
  /** Another stage leads: this one looks where that one does, and asks it for what moves the drawing. */
  @property({ type: Boolean }) guided = false

  /** How many cards are being laid out, once that takes a while. */
  @state() private waiting: number | null = null
  @state() private remark: string | null = null
  @state() private marks: readonly Mark[] = []
  @state() private window: Rectangle | null = null
  @query('svg') private svg!: SVGSVGElement
  @query('g.canvas') private canvas!: SVGGElement

  private folds: Folds | null = null
  private nodes: ReadonlyMap<string, Node> = new Map()
  private drawn: Drawn | null = null
  private start: ReadonlySet<string> = new Set()
  private camera!: Camera
  /** The fold that the reader just opened or closed. */
  private toggled: string | null = null
  /** A node to bring into view once it is drawn. */
  private sought: string | null = null
  private focused!: Focus
  private readonly arranging = new Arranging((cards) => {
    this.waiting = cards
  })
  private readonly resized = new ResizeObserver(() => {
    this.fit()
    this.draw()
  })

  static override styles = [stageStyles, overlayStyles, oddStyles]

  override render() {
    return html`<svg role="application" aria-roledescription="graph" aria-label="The graph of the program" aria-describedby="keys"><g class="canvas"></g></svg>
      ${this.bare ? nothing : this.focused?.walking ? walkingKeys : legend(this.marks, this.theme)}
      <span id="keys" hidden>Arrow keys follow the edges, Enter selects or opens, Escape gives the arrow keys back to the steps. A reads the graph as text.</span>
      ${this.overview()}
      <div class="work" role="status">${this.waiting === null ? this.remark && html`<p>${this.remark}</p>` : arrangingText(this.waiting, this.arranging.alone, this.giveUp)}</div>`
  }

  private overview() {
    const { drawn, window: view } = this
    if (drawn === null || view === null || this.guided || within(drawn.layout, view)) return nothing
    const active = this.frame && drawn.layout.cards.get(drawn.view.holders.get(this.frame.active) ?? '')
    return html`<gw-minimap .layout=${drawn.layout} .window=${view} .active=${active ?? null}
      @gw-look=${(e: CustomEvent<Point>) => this.camera.lookAt(e.detail)}></gw-minimap>`
  }

  override firstUpdated(): void {
    const move = (transform: string) => {
      this.canvas.setAttribute('transform', transform)
      this.window = this.camera.window
      if (this.commentary !== null) this.tell('gw-sight', this.camera.sight)
    }
    this.camera = new Camera(this.svg, move, this.bare)
    if (this.commentary !== null) adoptStyles(this.renderRoot as ShadowRoot, [...Stage.styles, this.commentary.styles])
    const ground = () => this.drawn && { ...this.drawn, loss: this.cardOf(this.loss) }
    this.focused = new Focus(
      this.canvas,
      ground,
      () => this.requestUpdate(),
      (id) => this.bring(id),
    )
    this.focused.listen(this.svg, this.renderRoot as ShadowRoot)
    this.svg.addEventListener('fit', () => this.fit())
    this.svg.addEventListener('click', () => this.tell('gw-select', { node: null }))
    new Pulling(this.svg, (pull) => this.tell('gw-pull', pull))
    this.resized.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.resized.disconnect()
    this.arranging.cancel()
    this.arranging.close()
  }

  override updated(changed: Map<string, unknown>): void {
    if (this.graph === null) return
    if (changed.has('graph')) this.take(this.graph)
    if (changed.has('graph') || changed.has('open')) this.arrange()
    else if (changed.has('frame') && changed.get('frame') !== this.frame) this.follow()
    if (DRAWN.some((name) => changed.has(name))) this.draw()
  }

  /** Shows the whole graph, or as much of it as can be read. */
  fit(): void {
    if (this.guided) this.tell('gw-fit', {})
    if (this.drawn === null || this.guided) return
    this.camera.fit(this.drawn.layout)
    this.follow()
  }

  /** Looks where another stage looks, which draws the same view. */
  look(sight: Sight): void {
    this.camera?.look(sight)
  }

  /** Zooms by a factor around the middle. */
  zoomBy(factor: number): void {
    this.camera.zoomBy(factor)
  }

  /** Opens the folds around a node, and brings it into view. */
  reveal(node: string): void {
    if (this.folds === null || this.drawn === null) return
    const way = wayTo(this.folds, node).filter((fold) => !this.drawn?.open.has(fold))
    this.sought = node
    if (way.length === 0) {
      this.seek()
      return
    }
    this.toggled = this.drawn.view.holders.get(node) ?? null
    this.choose(new Set([...this.drawn.open, ...way]))
  }

  /** The nodes of the group around a node, as it is drawn: of the closed one that hides it, else of the innermost open one. */
  membersAround(node: string): ReadonlySet<string> {
    return this.drawn === null ? new Set() : membersAround(this.drawn.view, node)
  }

  /** Opens all folds, or as many as can be shown; closes all when none of those is closed. */
  toggleAll(): void {
    if (this.folds === null || this.drawn === null) return
    const { open, all } = openAll(this.folds)
    const already = [...open].every((fold) => this.drawn?.open.has(fold))
    this.toggled = null
    this.choose(already ? new Set() : open)
    if (!already && !all)
      this.say(`More than ${MOST_CARDS.toLocaleString('en')} cards cannot be read at once: the rest stays folded.`)
  }

  /** A new graph: its folds, and which of them are open before anybody chose. */
  private take(graph: Graph): void {
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]))
    this.folds = foldsOf(graph)
    this.start = openAtStart(this.folds, (view) => this.sizeOf(view), this.failed)
    this.drawn = null
    this.remark = null
    if (graph.nodes.length > LARGE) this.arranging.prepare()
  }

  private sizeOf(view: View): Size {
    const sizes = this.sizesOf(view)
    return seenSize(layout(view, (card) => sizes.get(card) as CardSize))
  }

  private sizesOf(view: View) {
    return this.commentary?.sizesOf(view) ?? sizesOf(view, this.iteration)
  }

  /** Lays out what is open; the old drawing stays until the new one is there. */
  private arrange(): void {
    if (this.folds === null) return
    const open = this.open === null ? this.start : new Set(this.open)
    const view = viewOf(this.folds, open)
    const shown = (done: Layout) => this.show({ view, layout: done, open })
    this.arranging.arrange(view, this.sizesOf(view), shown, this.commentary?.most)
  }

  private giveUp = () => {
    this.arranging.cancel()
    this.waiting = null
    this.toggled = null
    this.sought = null
    if (this.drawn !== null) this.choose(this.drawn.open)
  }

  private show(drawn: Drawn): void {
    const before = this.drawn
    this.drawn = drawn
    this.waiting = null
    const places = before && placesOf(before.layout, this.camera)
    const [was, is] = [this.boxOf(before, this.toggled), this.boxOf(drawn, this.toggled)]
    const stays = before !== null && (this.camera.moved || !this.camera.whole || !this.camera.holds(drawn.layout))
    if (before && was && is && stays) this.camera.hold(is, was)
    else this.fit()
    this.window = this.camera.window
    this.draw()
    if (places !== null) glide(this.canvas, drawn.layout, places, this.camera)
    if (this.toggled !== null && this.sought === null) this.focused.take(this.toggled)
    this.toggled = null
    if (this.sought !== null) this.seek()
  }

  /** The card or the room of a fold. */
  private boxOf(drawn: Drawn | null, fold: string | null): Rectangle | undefined {
    return fold === null ? undefined : (drawn?.layout.cards.get(fold) ?? drawn?.layout.rooms.get(fold))
  }

  private seek(): void {
    const box = this.drawn?.layout.cards.get(this.sought ?? '')
    this.sought = null
    if (box !== undefined) this.camera.bring(box)
  }

  /** All of the drawing as a document of its own; null when nothing is drawn. */
  async picture(theme: Theme, words: Words): Promise<string | null> {
    const { pictureOf } = await import('./picture')
    const scene = this.scene()
    return scene && pictureOf(this.svg, { ...scene, theme }, words)
  }

  private draw(): void {
    const scene = this.scene()
    if (scene === null) return
    const { commentary } = this
    render(this.canvas, commentary ? { ...scene, obstacles: commentary.obstaclesIn(scene) } : scene, this.handlers)
    commentary?.draw(this.canvas, scene)
    const marks = marksIn(scene.frame)
    if (marks.join() !== this.marks.join()) this.marks = marks
    this.focused.aim(scene.held.selected, scene.frame.active)
  }

  private scene(): Scene | null {
    const { drawn, frame, graph } = this
    if (graph === null || drawn === null || frame === null) return null
    return {
      view: drawn.view,
      layout: drawn.layout,
      window: this.camera.window,
      frame: seenIn(drawn.view, frame),
      nodes: this.commentary?.nodes ?? this.nodes,
      iteration: this.iteration,
      held: { selected: this.cardOf(this.selected), failed: this.cardOf(this.failed), loss: this.cardOf(this.loss) },
      marked: onCards(this.marked, (node) => this.cardOf(node)),
      theme: this.theme,
      pullable: this.pullable,
    }
  }

  /** The card that stands for a node. */
  private cardOf(node: string | null): string | null {
    return node === null ? null : (this.drawn?.view.holders.get(node) ?? null)
  }

  private readonly handlers = {
    select: (node: string) => this.tell('gw-select', { node }),
    toggle: (fold: string) => this.toggle(fold),
    toggleAll: () => this.toggleAll(),
  }

  /** Opens a fold that is closed, closes one that is open. */
  toggle(fold: string): void {
    if (this.guided) {
      this.tell('gw-toggle', { fold })
      return
    }
    const open = new Set(this.drawn?.open)
    if (!open.delete(fold)) open.add(fold)
    this.toggled = fold
    this.choose(open)
  }

  /** The reader's choice of what is open, in the order of the graph. */
  private choose(open: ReadonlySet<string>): void {
    this.remark = null
    this.open = [...(this.folds?.folds.keys() ?? [])].filter((fold) => open.has(fold))
    this.tell('gw-open', { open: this.open })
  }

  private say(text: string): void {
    this.remark = text
    window.setTimeout(() => {
      if (this.remark === text) this.remark = null
    }, 8000)
  }

  /** Brings the step's card into view when the graph is larger than the stage and the reader has not moved it. */
  private follow(): void {
    const { drawn, frame } = this
    if (drawn === null || frame === null || this.guided || this.camera.moved || this.camera.whole) return
    const box = drawn.layout.cards.get(drawn.view.holders.get(frame.active) ?? '')
    if (box !== undefined) this.camera.bring(box)
  }

  /** What is reached by a key is brought into view. */
  private bring(id: string): void {
    const box = this.drawn && boxOf(this.drawn, id)
    if (box && (!this.camera.whole || this.camera.moved)) this.camera.bring(box)
  }

  private tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }
}

/** Whether all of a drawing is in view. */
function within({ width, height }: Layout, view: Rectangle): boolean {
  return view.x <= 1 && view.y <= 1 && view.x + view.width >= width - 1 && view.y + view.height >= height - 1
}
