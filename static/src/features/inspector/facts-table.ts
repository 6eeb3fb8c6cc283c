/** A node's facts, one in a row: numbers, what is still to come and when, shape, arguments, where it stands. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Group, Tensor } from '../../core/contract'
import { formatNumber, formatShape } from '../../core/numbers'
import { describeShape } from '../../core/tensors'
import { send } from '../../ui/events'
import { cards, controls } from '../../ui/styles'
import { type Facts, gradientName } from './node-facts'

@customElement('gw-facts')
export class FactsTable extends LitElement {
  @property({ attribute: false }) facts: Facts | null = null
  @property({ attribute: false }) groups: readonly Group[] = []

  static override styles = [
    controls,
    cards,
    css`
      :host {
        display: block;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 13.5px;
      }

      th,
      td {
        padding: 4px 0;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        text-align: left;
        vertical-align: top;
      }

      th {
        white-space: nowrap;
      }

      td {
        padding-left: 10px;
        font-family: var(--mono);
        font-size: 12.5px;
        text-align: right;
        overflow-wrap: anywhere;
      }

      .later {
        color: var(--muted);
        font-family: var(--sans);
      }
    `,
  ]

  override render() {
    if (!this.facts) return nothing
    const { node, values, gradient, accumulated, label, gradientStep } = this.facts
    const first = values?.[0]
    const name = node.name ?? ''
    return html`<table aria-label="Facts"><tbody>
      ${this.valueRows(this.facts)}
      ${node.requires_grad ? this.row(html`gradient ${gradientName(label)}`, this.shown(gradient, 'grad', gradientStep)) : nothing}
      ${accumulated ? this.row(`${name || label}.grad`, this.shown(accumulated, 'grad', null)) : nothing}
      ${first ? this.row('shape · dtype', describeShape(first)) : nothing}
      ${first && !node.requires_grad ? this.row('gradient', html`<span class="later">none: it does not require one</span>`) : nothing}
      ${Object.entries(node.arguments).map(([key, x]) => this.row(key, argumentText(x)))}
      ${node.group ? this.row('inside', groupPath(this.groups, node.group)) : nothing}
    </tbody></table>`
  }

  private valueRows({ node, values, valueStep }: Facts) {
    const names = (index: number) => (node.outputs > 1 ? `output ${index}` : `value ${node.name ?? ''}`)
    if (node.failed) return this.row('value', html`<span class="later">none: it failed</span>`)
    if (!values) return this.row('value', this.shown(null, 'value', valueStep))
    return values.map((value, index) => this.row(names(index), this.shown(value, 'value', null)))
  }

  private row(name: unknown, content: unknown) {
    return html`<tr><th scope="row">${name}</th><td>${content}</td></tr>`
  }

  /** A number; for a larger tensor where to find it; for what is yet to come the step that brings it. */
  private shown(tensor: Tensor | null, kind: 'value' | 'grad', step: number | null) {
    if (tensor) {
      const only = tensor.data?.length === 1 ? tensor.data[0] : undefined
      return html`<span class=${kind}>${only === undefined ? `${formatShape(tensor.shape)} ↓` : formatNumber(only)}</span>`
    }
    if (step === null) return html`<span class="later">none in this iteration</span>`
    return html`<span class="later">comes at <button class="link" @click=${() => send(this, 'gw-seek', { step })}>step ${step + 1}</button></span>`
  }
}

/** An argument of an operation, or a setting, as a reader would write it. */
export function argumentText(x: unknown): string {
  if (typeof x === 'number') return formatNumber(x)
  return typeof x === 'string' ? x : (JSON.stringify(x) ?? '')
}

function groupPath(groups: readonly Group[], id: string): string {
  const path: string[] = []
  for (let at = groups.find((g) => g.id === id); at; at = groups.find((g) => g.id === at?.parent)) {
    path.unshift(at.name === '' ? at.type : `${at.name} (${at.type})`)
  }
  return path.join(' › ')
}
