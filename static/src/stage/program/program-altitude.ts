/** The program altitude: the graph of operations and modules, drawn by D3, which can be moved and zoomed and whose folds open in place. */

import { html, nothing } from 'lit'
import type { Graph, Node } from '../../core/contract'
import { memoiseLast } from '../../core/memoise'
import type { Theme } from '../../core/theme'
import type { Altitude, AltitudeKind, AltitudeStage, StageContent } from '../altitude'
import { Camera, type Sight } from '../camera'
import type { Point, Rectangle } from '../geometry'
import { legend, type Mark, marksIn, walkingKeys } from '../legend'
import '../minimap'
import { NumberDrag } from '../number-drag'
import type { PictureWords } from '../picture'
import { sizesWithBadges } from './badge-layout'
import { sizesOf } from './card-facts'
import { marksOn } from './card-marks'
import { type Folds, foldsOf } from './folds'
import { glide, placesOf } from './glide'
import { membersAround, type View, viewOf } from './graph-view'
import { KeyboardFocus } from './keyboard-focus'
import { type Layout, layout } from './layout'
import { LayoutScheduler, layoutStatus } from './layout-scheduler'
import { boxOf } from './neighbours'
import { MOST_CARDS, openAll, openAtStart, type Size, seenSize, wayTo } from './opening-folds'
import { overlayStyles } from './overlay-styles'
import { programStyles } from './program-styles'
import { render } from './render'
import type { CardSize } from './satellites'
import type { Handlers, Scene } from './scene'
import { seenIn } from './seen-frame'

export const program: AltitudeKind = {
  id: 'program',
  name: 'Program',
  styles: [programStyles, overlayStyles],
  whyUnavailable: () => null,
  mount: (stage) => new ProgramAltitude(stage),
}

/** The worker is started for a graph of more nodes than these: some of its views will be laid out there. */
const LARGE = 100
/** Milliseconds for which a remark stands. */
const REMARK_MS = 8000

/** The fields of the stage that the drawing shows; the graph and what is open are laid out first. */
const DRAWN: readonly (keyof StageContent)[] = [
  'frame',
  'pairing',
  'selected',
  'failed',
  'loss',
  'theme',
  'iteration',
  'pullable',
  'decorations',
]

/** A view that has been laid out. */
interface Drawn {
  view: View
  layout: Layout
  /** The space that the layout has kept for each card. */
  sizes: ReadonlyMap<string, CardSize>
  open: ReadonlySet<string>
}

class ProgramAltitude implements Altitude {
  private folds: Folds | null = null
  private nodes: ReadonlyMap<string, Node> = new Map()
  private drawn: Drawn | null = null
  /** The folds that are open until the reader chooses. */
  private start: ReadonlySet<string> = new Set()
  /** The fold that the reader has just opened or closed. */
  private toggled: string | null = null
  /** A node to bring into view once it is drawn. */
  private sought: string | null = null
  /** The number of cards that are being laid out, once that takes a while. */
  private waiting: number | null = null
  private remark: string | null = null
  private legendMarks: readonly Mark[] = []
  /** The part of the plane that can be seen. */
  private window: Rectangle | null = null
  private svg!: SVGSVGElement
  private canvas!: SVGGElement
  private camera: Camera | null = null
  private focused: KeyboardFocus | null = null
  private readonly marks = memoiseLast(marksOn)
  private readonly scheduler = new LayoutScheduler((cards) => this.wait(cards))
  private readonly resized = new ResizeObserver(() => {
    this.fit()
    this.draw()
  })

  constructor(private readonly stage: AltitudeStage) {}

  render() {
    const { bare, theme } = this.stage
    const aside = this.focused?.walking ? walkingKeys : legend(this.legendMarks, theme)
    return html`<svg
        role="application"
        aria-roledescription="graph"
        aria-label="The graph of the program"
        aria-describedby="keys"
      ><g class="canvas"></g></svg>
      ${bare ? nothing : aside}
      <span id="keys" hidden>
        Arrow keys follow the edges, Enter selects or opens, Escape gives the arrow keys back to the steps.
        A reads the graph as text.
      </span>
      ${this.overview()}
      <div class="work" role="status">${this.status()}</div>`
  }

  private overview() {
    const { drawn, window: view } = this
    const { frame, guided } = this.stage
    if (drawn === null || view === null || guided || isWithin(drawn.layout, view)) return nothing
    const active = frame && drawn.layout.cards.get(drawn.view.holders.get(frame.active) ?? '')
    return html`<gw-minimap
      .layout=${drawn.layout}
      .window=${view}
      .active=${active ?? null}
      @gw-look=${(e: CustomEvent<Point>) => this.camera?.lookAt(e.detail)}
    ></gw-minimap>`
  }

  /** Return what the reader is told about the layout. */
  private status() {
    if (this.waiting !== null) return layoutStatus(this.waiting, this.scheduler.alone, this.giveUp)
    return this.remark && html`<p>${this.remark}</p>`
  }

  show(changed: ReadonlySet<PropertyKey>): void {
    if (this.camera === null) this.connect()
    const { graph } = this.stage
    if (graph === null) return
    if (changed.has('graph')) this.take(graph)
    if (changed.has('graph') || changed.has('open')) this.arrange()
    else if (changed.has('frame')) this.follow()
    if (DRAWN.some((name) => changed.has(name))) this.draw()
  }

  /** Connect the elements of the first rendering to the pointer and the keys. */
  private connect(): void {
    const { stage } = this
    this.svg = stage.renderRoot.querySelector('svg') as SVGSVGElement
    this.canvas = this.svg.querySelector('g.canvas') as SVGGElement
    const camera = new Camera(this.svg, (transform) => this.onMove(camera, transform), stage.bare)
    this.camera = camera
    this.focused = new KeyboardFocus(
      this.canvas,
      () => this.drawn && { ...this.drawn, loss: this.cardOf(stage.loss) },
      () => stage.requestUpdate(),
      (id) => this.bring(id),
    )
    this.focused.listen(this.svg, stage.renderRoot as ShadowRoot)
    this.svg.addEventListener('fit', () => this.fit())
    this.svg.addEventListener('click', () => stage.tell('gw-select', { node: null }))
    new NumberDrag(this.svg, (pull) => stage.tell('gw-pull', pull))
    this.resized.observe(stage.element)
  }

  private onMove(camera: Camera, transform: string): void {
    this.canvas.setAttribute('transform', transform)
    this.window = camera.window
    if (this.stage.pairing !== null) this.stage.tell('gw-sight', camera.sight)
    this.stage.requestUpdate()
  }

  dispose(): void {
    this.resized.disconnect()
    this.scheduler.cancel()
    this.scheduler.close()
  }

  fit(): void {
    if (this.stage.guided) this.stage.tell('gw-fit', {})
    if (this.drawn === null || this.stage.guided) return
    this.camera?.fit(this.drawn.layout)
    this.follow()
  }

  look(sight: Sight): void {
    this.camera?.look(sight)
  }

  zoomBy(factor: number): void {
    this.camera?.zoomBy(factor)
  }

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

  membersAround(node: string): ReadonlySet<string> {
    return this.drawn === null ? new Set() : membersAround(this.drawn.view, node)
  }

  toggleAll(): void {
    if (this.folds === null || this.drawn === null) return
    const { open, all } = openAll(this.folds)
    const already = [...open].every((fold) => this.drawn?.open.has(fold))
    this.toggled = null
    this.choose(already ? new Set() : open)
    if (!already && !all)
      this.say(`More than ${MOST_CARDS.toLocaleString('en')} cards cannot be read at once: the rest stays folded.`)
  }

  toggle(fold: string): void {
    if (this.stage.guided) {
      this.stage.tell('gw-toggle', { fold })
      return
    }
    const open = new Set(this.drawn?.open)
    if (!open.delete(fold)) open.add(fold)
    this.toggled = fold
    this.choose(open)
  }

  async picture(theme: Theme, words: PictureWords): Promise<string | null> {
    const { pictureOf } = await import('../picture')
    const scene = this.scene()
    if (scene === null) return null
    const everything = { x: -1e5, y: -1e5, width: 2e5, height: 2e5 }
    const whole: Scene = { ...scene, theme, window: everything, held: { ...scene.held, selected: null } }
    return pictureOf(this.svg, theme, words, (canvas) => render(canvas, whole, NO_HANDLERS))
  }

  /** Take a new graph: its folds, and which of them are open before the reader has chosen. */
  private take(graph: Graph): void {
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]))
    this.folds = foldsOf(graph)
    this.start = openAtStart(this.folds, (view) => this.sizeOf(view), this.stage.failed)
    this.drawn = null
    this.remark = null
    if (graph.nodes.length > LARGE) this.scheduler.prepare()
  }

  private sizeOf(view: View): Size {
    const sizes = this.sizesOf(view)
    return seenSize(layout(view, (card) => sizes.get(card) as CardSize))
  }

  private sizesOf(view: View): ReadonlyMap<string, CardSize> {
    const { pairing, decorations, iteration } = this.stage
    return pairing === null ? sizesOf(view, iteration) : sizesWithBadges(view, pairing.shapes, decorations)
  }

  /** Lay out what is open; the old drawing stays until the new one is there. */
  private arrange(): void {
    if (this.folds === null) return
    const open = this.stage.open === null ? this.start : new Set(this.stage.open)
    const view = viewOf(this.folds, open)
    const sizes = this.sizesOf(view)
    const shown = (done: Layout) => this.present({ view, layout: done, sizes, open })
    this.scheduler.arrange(view, sizes, shown, this.stage.pairing?.width)
  }

  private giveUp = () => {
    this.scheduler.cancel()
    this.wait(null)
    this.toggled = null
    this.sought = null
    if (this.drawn !== null) this.choose(this.drawn.open)
  }

  /** Draw what has been laid out. */
  private present(drawn: Drawn): void {
    const { camera, focused, drawn: before } = this
    if (camera === null || focused === null) return
    this.drawn = drawn
    this.wait(null)
    const places = before && placesOf(before.layout, camera)
    const [was, is] = [foldBox(before, this.toggled), foldBox(drawn, this.toggled)]
    const stays = before !== null && (camera.moved || !camera.whole || !camera.holds(drawn.layout))
    if (before && was && is && stays) camera.hold(is, was)
    else this.fit()
    this.window = camera.window
    this.draw()
    if (places !== null) glide(this.canvas, drawn.layout, places, camera)
    if (this.toggled !== null && this.sought === null) focused.take(this.toggled)
    this.toggled = null
    if (this.sought !== null) this.seek()
  }

  /** Bring the node that was looked for into view. */
  private seek(): void {
    const box = this.drawn?.layout.cards.get(this.sought ?? '')
    this.sought = null
    if (box !== undefined) this.camera?.bring(box)
  }

  private draw(): void {
    const scene = this.scene()
    if (scene === null) return
    render(this.canvas, scene, this.handlers)
    const marks = marksIn(scene.frame)
    if (marks.join() !== this.legendMarks.join()) {
      this.legendMarks = marks
      this.stage.requestUpdate()
    }
    this.focused?.aim(scene.held.selected, scene.frame.active)
  }

  private scene(): Scene | null {
    const { drawn, camera } = this
    const { frame, graph, iteration, selected, failed, loss, theme, pullable, decorations, pairing } = this.stage
    if (graph === null || drawn === null || frame === null || camera === null) return null
    return {
      view: drawn.view,
      layout: drawn.layout,
      sizes: drawn.sizes,
      window: camera.window,
      frame: seenIn(drawn.view, frame),
      nodes: pairing?.nodes ?? this.nodes,
      iteration,
      held: { selected: this.cardOf(selected), failed: this.cardOf(failed), loss: this.cardOf(loss) },
      marks: this.marks(drawn.view, decorations),
      theme,
      pullable,
    }
  }

  /** Return the card that stands for a node. */
  private cardOf(node: string | null): string | null {
    return node === null ? null : (this.drawn?.view.holders.get(node) ?? null)
  }

  private readonly handlers: Handlers = {
    select: (node) => this.stage.tell('gw-select', { node }),
    toggle: (fold) => this.toggle(fold),
    toggleAll: () => this.toggleAll(),
  }

  /** Take the reader's choice of what is open, in the order of the graph. */
  private choose(open: ReadonlySet<string>): void {
    this.remark = null
    this.stage.openGroups([...(this.folds?.folds.keys() ?? [])].filter((fold) => open.has(fold)))
  }

  private wait(cards: number | null): void {
    if (this.waiting === cards) return
    this.waiting = cards
    this.stage.requestUpdate()
  }

  private say(text: string): void {
    this.remark = text
    this.stage.requestUpdate()
    window.setTimeout(() => {
      if (this.remark !== text) return
      this.remark = null
      this.stage.requestUpdate()
    }, REMARK_MS)
  }

  /** Bring the card of the step into view when the graph is larger than the stage and the reader has not moved it. */
  private follow(): void {
    const { drawn, camera } = this
    const { frame, guided } = this.stage
    if (drawn === null || camera === null || frame === null || guided || camera.moved || camera.whole) return
    const box = drawn.layout.cards.get(drawn.view.holders.get(frame.active) ?? '')
    if (box !== undefined) camera.bring(box)
  }

  /** Bring what was reached by a key into view. */
  private bring(id: string): void {
    const { drawn, camera } = this
    const box = drawn && boxOf(drawn, id)
    if (box && camera && (!camera.whole || camera.moved)) camera.bring(box)
  }
}

const NO_HANDLERS: Handlers = { select: () => {}, toggle: () => {}, toggleAll: () => {} }

/** Return the card or the room of a fold. */
function foldBox(drawn: Drawn | null, fold: string | null): Rectangle | undefined {
  return fold === null ? undefined : (drawn?.layout.cards.get(fold) ?? drawn?.layout.rooms.get(fold))
}

/** Tell whether all of a drawing is in view. */
function isWithin({ width, height }: Layout, view: Rectangle): boolean {
  return view.x <= 1 && view.y <= 1 && view.x + view.width >= width - 1 && view.y + view.height >= height - 1
}
