/** Sliders for the slice of a tensor of three and more dimensions: one for each dimension that is neither rows nor columns. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { sliceText } from '../../core/cells'
import { heldDimensions } from '../../core/tensors'
import { controls } from '../../ui/styles'
import { ask } from './tensor-look'

@customElement('gw-slices')
export class SliceSliders extends LitElement {
  @property({ attribute: false }) shape: readonly number[] = []
  @property({ attribute: false }) held: readonly number[] = []

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font-size: 12.5px;
      }

      code {
        font: 600 13px var(--mono);
      }

      label {
        display: grid;
        grid-template-columns: auto minmax(60px, 1fr) auto;
        gap: 8px;
        align-items: center;
        min-height: 24px;
      }

      input {
        width: 100%;
        accent-color: var(--strong);
      }

      output {
        font-family: var(--mono);
      }

      .alone {
        color: var(--muted);
      }
    `,
  ]

  override render() {
    const slice = sliceText(this.shape, this.held)
    if (slice === null) return nothing
    return html`<div>Slice <code>${slice}</code></div>
      ${this.shape.slice(0, heldDimensions(this.shape)).map((size, dimension) => this.slider(dimension, size))}`
  }

  private slider(dimension: number, size: number) {
    const at = this.held[dimension] ?? 0
    if (size < 2) return html`<div class="alone">dim ${dimension} has the index 0 only</div>`
    return html`<label><span>dim ${dimension}</span>
      <input type="range" min="0" max=${size - 1} step="1" .value=${String(at)} aria-valuetext="${at} of 0 to ${size - 1}"
        @input=${(event: Event) => this.hold(dimension, Number((event.target as HTMLInputElement).value))}>
      <output>${at} / ${size - 1}</output></label>`
  }

  private hold(dimension: number, index: number): void {
    const count = heldDimensions(this.shape)
    ask(this, { held: Array.from({ length: count }, (_, d) => (d === dimension ? index : (this.held[d] ?? 0))) })
  }
}
