/** A network chosen by hand, and beside it the program that it becomes. The server writes the program and says what does not fit. */

import { html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { isAbort, Refused } from '../../api/errors'
import type { ProgramBuilt } from '../../core/contract'
import { dialogs } from '../../ui/dialog-styles'
import { controls, unseen } from '../../ui/styles'
import {
  DATA,
  type Faults,
  FIRST,
  faultsOf,
  keepSpec,
  LAYERS,
  type Layer,
  LOSSES,
  NO_FAULTS,
  nameOf,
  newLayer,
  OPTIMIZERS,
  placeInWords,
  readSpec,
  type Spec,
  withData,
} from './builder-spec'
import { building } from './builder-styles'
import { choice, fault, number, text } from './layer-fields'
import { layerRow, shapeOf } from './layer-row'

/** Asks for the program of a spec. */
export type Build = (spec: unknown, signal: AbortSignal) => Promise<ProgramBuilt>

/** Milliseconds without a change after which the server is asked. */
const QUIET = 200

@customElement('gw-builder')
export class BuilderDialog extends LitElement {
  @property({ attribute: false }) build: Build | null = null
  @state() private spec: Spec = FIRST
  /** The program of the last spec that fitted. */
  @state() private built: ProgramBuilt | null = null
  /** True if `built` belongs to the current spec. */
  @state() private current = false
  @state() private faults: Faults = NO_FAULTS
  /** The reason why the server could not answer, as a sentence. */
  @state() private trouble = ''
  @state() private said = ''
  @query('dialog') private dialog!: HTMLDialogElement
  /** One for each layer, so that a layer keeps its fields when it moves. */
  private ids: number[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private pending = new AbortController()
  /** True if the server has answered for the current spec. */
  private answered = false
  /** The output shape of each layer, by its id; that of the data by −1. */
  private shapes: ReadonlyMap<number, readonly number[]> = new Map()

  static override styles = [controls, dialogs, unseen, building]

  async show(): Promise<void> {
    if (this.dialog?.open) return
    this.spec = readSpec()
    this.ids = this.spec.layers.map((_, i) => i)
    this.said = ''
    await this.updateComplete
    this.dialog.showModal()
    this.renderRoot.querySelector<HTMLElement>('#data')?.focus()
    await this.ask()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.timer)
    this.pending.abort()
  }

  override render() {
    return html`<dialog aria-labelledby="title">
      <header role="none"><h2 id="title">Build a network</h2>
        <form method="dialog"><button class="button">Close</button></form></header>
      <div class="halves">
        <div class="choices">${this.dataFields()}${this.layerFields()}${this.trainingFields()}</div>
        <pre role="region" tabindex="0" aria-label="The program" class=${this.current ? '' : 'old'}>${this.built?.source ?? ''}</pre>
      </div>
      <footer role="none">${this.standing()}
        <button class="button" @click=${this.again}>Start again</button>
        <button class="button" ?disabled=${!this.current} @click=${() => this.put(false)}>Put into the editor</button>
        <button class="button strong" ?disabled=${!this.current} @click=${() => this.put(true)}>Put and run</button>
      </footer><span class="unseen" role="status">${this.said}</span></dialog>`
  }

  private standing() {
    const { faults, trouble, built, current } = this
    if (trouble !== '') return html`<p class="stands" role="status">${trouble}</p>`
    const [[place, sentence] = ['', '']] = faults
    if (faults.size > 0) {
      const what = faults.size === 1 ? 'One thing does' : `${faults.size} things do`
      return html`<p class="stands" role="status">${what} not fit yet, ${placeInWords(place)}: ${sentence}</p>`
    }
    if (built === null || !current) return html`<p role="status"></p>`
    return html`<p role="status">${built.parameters.toLocaleString('en')} ${built.parameters === 1 ? 'number learns' : 'numbers learn'}</p>`
  }

  private dataFields() {
    const { spec, faults } = this
    return html`<fieldset><legend>Data</legend>
      <div class="row">${choice({ place: 'data', label: 'what to learn', faults }, DATA, spec.data, (data) => this.change(withData(spec, data)))}
      ${
        spec.data === 'sentence'
          ? text({ place: 'sentence', label: 'sentence', faults }, spec.sentence, (sentence) =>
              this.change({ ...spec, sentence }),
            )
          : nothing
      }</div></fieldset>`
  }

  private layerFields() {
    const { spec, faults } = this
    const last = spec.layers.findLastIndex(({ kind }) => kind === 'linear')
    const row = (layer: Layer, at: number) =>
      layerRow(
        {
          layer,
          at,
          count: spec.layers.length,
          shape: this.shapes.get(this.ids[at] ?? -2) ?? null,
          faults,
          empty: at === last ? 'as needed' : '',
        },
        {
          change: (next) => this.changeLayers(spec.layers.map((one, i) => (i === at ? next : one))),
          move: (by) => this.move(at, by),
          remove: () => this.takeAway(at),
        },
      )
    return html`<fieldset><legend>Layers</legend>${shapeOf(this.shapes.get(-1) ?? null)}
      <ol role="list">${repeat(spec.layers, (_, at) => this.ids[at], row)}</ol>${fault('layers', faults)}
      <button class="button add" @click=${this.add}>+ Add a layer</button></fieldset>`
  }

  private trainingFields() {
    const { spec, faults } = this
    const { optimizer } = spec
    const rate = (learning_rate: number | null) => this.change({ ...spec, optimizer: { ...optimizer, learning_rate } })
    return html`<fieldset><legend>Loss and training</legend><div class="row">
      ${choice({ place: 'loss', label: 'loss', faults }, LOSSES, spec.loss, (loss) => this.change({ ...spec, loss }))}
      ${choice({ place: 'optimizer.kind', label: 'optimizer', faults }, OPTIMIZERS, optimizer.kind, (kind) =>
        this.change({ ...spec, optimizer: { ...optimizer, kind } }),
      )}
      ${number({ place: 'optimizer.learning_rate', label: 'learning rate', faults }, optimizer.learning_rate, rate, { step: 'any' })}
      ${number({ place: 'iterations', label: 'iterations', faults }, spec.iterations, (iterations) => this.change({ ...spec, iterations }))}
      ${number({ place: 'batch_size', label: 'examples at a time', faults }, spec.batch_size, (batch_size) => this.change({ ...spec, batch_size }), { empty: 'all' })}
      ${number({ place: 'seed', label: 'seed', faults }, spec.seed, (seed) => this.change({ ...spec, seed }))}
      </div></fieldset>`
  }

  private change(spec: Spec): void {
    if (spec.layers.length !== this.ids.length) this.ids = spec.layers.map(() => this.fresh())
    this.spec = spec
    this.answered = false
    keepSpec(spec)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.ask(), QUIET)
  }

  private changeLayers(layers: readonly Layer[]): void {
    this.change({ ...this.spec, layers })
  }

  private fresh(): number {
    return Math.max(-1, ...this.ids) + 1
  }

  private add = () => {
    this.ids = [...this.ids, this.fresh()]
    this.changeLayers([...this.spec.layers, newLayer('relu')])
    this.said = `ReLU added as layer ${this.ids.length}.`
    void this.focusOn(this.ids.length - 1, 'select')
  }

  private takeAway(at: number): void {
    const name = nameOf(LAYERS, this.spec.layers[at]?.kind ?? '')
    this.ids = this.ids.filter((_, i) => i !== at)
    this.changeLayers(this.spec.layers.filter((_, i) => i !== at))
    this.said = `${name} removed, ${this.ids.length} left.`
    void this.focusOn(Math.min(at, this.ids.length - 1), 'select')
  }

  private move(at: number, by: number): void {
    const to = at + by
    if (to < 0 || to >= this.ids.length) return
    const active = (this.renderRoot as ShadowRoot).activeElement
    const label = active?.getAttribute('aria-label')
    this.ids = swapped(this.ids, at, to)
    this.changeLayers(swapped(this.spec.layers, at, to))
    this.said = `${nameOf(LAYERS, this.spec.layers[to]?.kind ?? '')} is now layer ${to + 1} of ${this.ids.length}.`
    void this.focusOn(to, label ? `[aria-label="${CSS.escape(label)}"]:enabled` : 'select')
  }

  /** The focus stays with the layer, on what it was on as far as that can still be pressed. */
  private async focusOn(at: number, selector: string): Promise<void> {
    await this.updateComplete
    const row = this.renderRoot.querySelector(`li[data-at="${at}"]`)
    const target =
      row?.querySelector<HTMLElement>(selector) ?? row?.querySelector<HTMLElement>('button:enabled, select')
    target?.focus()
  }

  private again = () => this.change(FIRST)

  private async ask(): Promise<void> {
    if (this.build === null) return
    this.pending.abort()
    const controller = new AbortController()
    this.pending = controller
    const { spec } = this
    try {
      const { sentence, ...others } = spec
      const built = await this.build(spec.data === 'sentence' ? spec : others, controller.signal)
      if (controller.signal.aborted || this.spec !== spec) return
      this.built = built
      this.tell(NO_FAULTS, '', true)
    } catch (error) {
      if (isAbort(error) || controller.signal.aborted || this.spec !== spec) return
      const faults = error instanceof Refused ? faultsOf(error.problem.errors ?? []) : NO_FAULTS
      this.tell(faults, faults.size > 0 ? '' : error instanceof Error ? error.message : String(error), false)
    }
  }

  private tell(faults: Faults, trouble: string, current: boolean): void {
    this.answered = true
    this.shapes = new Map(
      current ? this.built?.shapes.map((shape, i) => [i === 0 ? -1 : (this.ids[i - 1] ?? -2), shape]) : [],
    )
    this.faults = faults
    this.trouble = trouble
    this.current = current
  }

  private async put(run: boolean): Promise<void> {
    clearTimeout(this.timer)
    // what was changed a moment ago is to be in it
    if (!this.answered) await this.ask()
    const source = this.built?.source
    if (source === undefined || !this.current) return
    this.dialog.close()
    this.dispatchEvent(new CustomEvent('gw-built', { detail: { source, run } }))
  }
}

function swapped<T>(all: readonly T[], a: number, b: number): T[] {
  const next = [...all]
  ;[next[a], next[b]] = [all[b] as T, all[a] as T]
  return next
}
