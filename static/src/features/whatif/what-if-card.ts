/** A leaf's numbers under the reader's hand; what its gradient predicts of the loss, beside what came. */

import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Node, SnapshotHead, Tensor } from '../../core/contract'
import { atStart, iterationName, type NamedIterations } from '../../core/iteration-names'
import { formatNumber, toNumber } from '../../core/numbers'
import { elementCount } from '../../core/tensors'
import { send } from '../../ui/events'
import { cards, controls } from '../../ui/styles'
import { gradientIn } from '../../walk/lookup'
import { cellOf, recordedOf, sizeIn } from './leaf-cells'
import { signedText } from './leaf-changes'
import { type Draggable, draggableOf, flatOf, graphOf, indexOf, leafNamed } from './leaf-elements'
import { curveOf } from './loss-plot-points'
import { type Comparison, compare, type Prediction } from './loss-prediction'
import { cardStyles } from './what-if-card-styles'
import type { Change, WhatIfState, WhatIfView } from './what-if-state'
import './loss-plot'
import './number-handle'
import type { NumberHandle } from './number-handle'

/** Up to this many numbers stand side by side; of more, one is chosen. */
const FEW = 64
const MOST_TERMS = 4
/** Letters of a name that is said in every row. */
const LONGEST = 6

type Open = Extract<Draggable, { why: null }>

@customElement('gw-what-if')
export class WhatIfCard extends LitElement {
  @property({ attribute: false }) view: WhatIfView | null = null
  @property({ attribute: false }) node: Node | null = null
  /** The element, by its place in the flat data, that was touched last. */
  @state() private chosen: number | null = null

  static override styles = [controls, cards, cardStyles]

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('node') && changed.get('node')?.name !== this.node?.name) this.chosen = null
  }

  override render() {
    const { head, body } = this.view ?? {}
    if (!head || !body || !this.node) return nothing
    const found = draggableOf(head, body, this.node)
    return html`<section class="card" aria-label="What if">
      <h3>What if it were another number</h3>
      ${found.why === null ? this.open(this.view as WhatIfView, found) : this.shut(found, head)}
    </section>`
  }

  private shut({ why, first }: Exclude<Draggable, { why: null }>, { iterations }: SnapshotHead) {
    return html`<p>${why}</p>
      ${
        first === null
          ? nothing
          : html`<button class="link" @click=${() => send(this, 'gw-iteration', { index: first })}>Go to ${iterationName(iterations, first)}</button>`
      }
      ${this.changed.length > 0 ? this.told(this.changed[0] as Change) : nothing}`
  }

  private open(view: WhatIfView, found: Open) {
    const recorded = recordedOf(view, found.name, found.tensor)
    const count = elementCount(recorded.shape)
    const chosen = Math.min(this.chosen ?? this.steepest(found, recorded), count - 1)
    const cell = cellOf(view, found.name, recorded, chosen)
    return html`
      ${count > FEW ? this.chooser(recorded, chosen) : nothing}
      ${
        count > FEW || count === 1
          ? html`<div class="one">${this.number(view, found.name, recorded, chosen)}<span class="hint">Drag it sideways, or type.</span></div>`
          : html`${this.grid(view, found.name, recorded, chosen)}<span class="hint">Drag one sideways, or type.</span>`
      }
      ${this.changed.length > 0 || (this.whatIf?.visited.length ?? 0) > 0 ? this.told(cell) : nothing}
    `
  }

  private grid(view: WhatIfView, name: string, recorded: Tensor, chosen: number) {
    const columns = recorded.shape.at(-1) ?? 1
    const rows = Array.from({ length: (recorded.data ?? []).length / columns }, (_, row) => row * columns)
    const inRow = (first: number) => Array.from({ length: columns }, (_, column) => first + column)
    return html`<div class="grid" role="group" aria-label="Numbers of ${name}. Control and arrows: from one to the next"
      @keydown=${(e: KeyboardEvent) => this.onGridKey(e, columns, recorded)}>
      ${rows.map((first) => html`<div class="row">${inRow(first).map((flat) => this.number(view, name, recorded, flat, flat === chosen))}</div>`)}</div>`
  }

  private number(view: WhatIfView, name: string, recorded: Tensor, flat: number, reached = true) {
    const cell = cellOf(view, name, recorded, flat)
    return html`<gw-number data-flat=${flat} .value=${cell.value} .recorded=${cell.recorded} .label=${cell.label} .dtype=${cell.dtype}
      .size=${sizeIn(recorded, cell)} .reached=${reached}
      @focusin=${() => this.choose(flat)} @number=${(e: CustomEvent<number | null>) => this.want(cell, e.detail)}></gw-number>`
  }

  private chooser({ shape }: Tensor, chosen: number) {
    const index = indexOf(chosen, shape)
    const put = (dimension: number, field: HTMLInputElement) => {
      const size = shape[dimension] ?? 1
      const at = Math.min(Math.max(0, Math.trunc(Number(field.value)) || 0), size - 1)
      this.choose(
        flatOf(
          index.map((i, d) => (d === dimension ? at : i)),
          shape,
        ),
      )
    }
    return html`<div class="index" role="group" aria-label="Which number">element [${index.map(
      (i, dimension) => html`<input type="number" min="0" max=${(shape[dimension] ?? 1) - 1} .value=${String(i)}
        aria-label="Index in dimension ${dimension}" @change=${(e: Event) => put(dimension, e.target as HTMLInputElement)}>`,
    )}] of ${shape.join(' × ')}</div>`
  }

  /** Render the effect of all changes on the loss; the plot is drawn over the number `cell`. */
  private told(cell: Change) {
    const { whatIf, view } = this
    if (whatIf === null || !view?.head) return nothing
    const found = compare(whatIf.recorded, whatIf.shown, view.head, view.iteration)
    return html`
      ${found.before === null ? html`<p>${lossless(view.head.iterations, view.iteration)}</p>` : this.table(found, whatIf)}
      ${found.before === null ? nothing : html`<gw-loss-plot .curve=${curveOf(whatIf, cell, view.iteration)} .label=${cell.label}></gw-loss-plot>`}
    `
  }

  private table(found: Comparison, { shown }: WhatIfState) {
    if (shown.length === 0) return nothing
    return html`<table aria-label="Predicted and real change of the loss"><tbody>
      ${this.predictionRows(found.prediction)}
      ${
        found.real === null
          ? noneRows('real change', 'the loss is no finite number')
          : row(
              'real change',
              html`<strong class="value">${signedText(found.real)}</strong>
                <small>${formatNumber(found.before ?? 0)} → ${formatNumber(found.now ?? 0)}</small>`,
            )
      }
      ${found.difference ? row('difference', differenceText(found.difference)) : nothing}
    </tbody></table>
    ${'none' in found.prediction || found.prediction.note === null ? nothing : html`<p>${found.prediction.note}</p>`}`
  }

  private predictionRows(prediction: Prediction) {
    if ('none' in prediction) return noneRows('predicted change', prediction.none)
    const { terms, total } = prediction
    const only = terms.length === 1 ? terms[0] : undefined
    const sum = html`<strong class="grad">${signedText(total)}</strong>`
    if (only === undefined)
      return html`${terms
        .slice(0, MOST_TERMS)
        .map(({ change, gradient, delta }) =>
          termRow(
            change.label,
            html`<span class="grad">${formatNumber(gradient)}</span> · ${bracketedNumber(delta)} = ${formatNumber(gradient * delta)}`,
          ),
        )}
      ${terms.length > MOST_TERMS ? termRow(`${terms.length - MOST_TERMS} more`, 'gradient · change, likewise') : nothing}
      ${row('predicted change', html`${sum}<small>Σ gradient · change</small>`)}`
    const { change, gradient, delta } = only
    return html`
      ${row(isShort(change.label) ? `change of ${change.label}` : 'change', signedText(delta))}
      ${row(isShort(change.label) ? `gradient ∂L/∂${change.label}` : 'gradient', html`<span class="grad">${formatNumber(gradient)}</span>`)}
      ${row('predicted change', html`${sum}<small>${formatNumber(gradient)} · ${bracketedNumber(delta)}</small>`)}`
  }

  private onGridKey(event: KeyboardEvent, columns: number, { data }: Tensor): void {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key]
    if (by === undefined || !event.ctrlKey) return
    const at = (this.chosen ?? 0) + by
    event.preventDefault()
    event.stopPropagation()
    if (at < 0 || at >= (data?.length ?? 0)) return
    this.renderRoot.querySelector<NumberHandle>(`gw-number[data-flat="${at}"]`)?.focus()
  }

  private choose(flat: number): void {
    this.chosen = flat
  }

  private want(cell: Change, value: number | null): void {
    send(this, 'gw-what-if', { change: { ...cell, value: value ?? cell.recorded } })
  }

  private get whatIf(): WhatIfState | null {
    return this.view?.whatIf ?? null
  }

  private get changed(): readonly Change[] {
    return this.whatIf?.changes ?? []
  }

  /** The element that does most to the loss: the one to begin with. */
  private steepest({ name }: Open, { data }: Tensor): number {
    const { head, body } = this.whatIf?.recorded ?? this.view ?? {}
    const leaf = head && body && leafNamed(graphOf(head, body), name)
    const gradient = leaf ? gradientIn(body?.backward[0], leaf.id)?.data : null
    const sizes = (gradient ?? []).map((x) => Math.abs(toNumber(x)))
    const steepest = sizes.indexOf(Math.max(...sizes))
    return steepest > 0 && steepest < (data?.length ?? 0) ? steepest : 0
  }
}

function row(name: string, content: unknown) {
  return html`<tr><th scope="row">${name}</th><td class="number">${content}</td></tr>`
}

/** A name of any length, and below it what would not fit beside it. */
function termRow(label: string, content: unknown) {
  return html`<tr><td colspan="2"><div class="term"><span>${label}</span><span>${content}</span></div></td></tr>`
}

function noneRows(name: string, reason: string) {
  return html`${row(name, 'none')}<tr><td class="reason" colspan="2">${reason}</td></tr>`
}

/** Return whether a label leaves space for its numbers; the label of the number that is held is written anyway. */
function isShort(label: string): boolean {
  return label.length <= LONGEST
}

function bracketedNumber(x: number): string {
  return x < 0 ? `(${formatNumber(x)})` : formatNumber(x)
}

function differenceText({ amount, share, isRounding }: NonNullable<Comparison['difference']>) {
  if (isRounding) return html`none<small>within the rounding of the loss</small>`
  const part = share === null ? '' : ` (${percent(share)})`
  return html`${signedText(amount)}${part}<small>second order and above</small>`
}

function percent(share: number): string {
  return `${formatNumber(share * 100, 2)} %`
}

function lossless(iterations: NamedIterations, iteration: number): string {
  return `${atStart(iterationName(iterations, iteration))} has no loss: no backward pass started from a single number. Watch the numbers in the picture.`
}
