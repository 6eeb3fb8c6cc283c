/** An operation opened into its autograd nodes, in the order in which backward runs them, with what each saved and how large it is. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { AutogradNode, Graph, SavedTensor } from '../../core/contract'
import { formatNumber, formatShape } from '../../core/numbers'
import { send } from '../../ui/events'
import { cards, controls, unseen } from '../../ui/styles'
import { type Facts, gradientName } from './node-facts'
import { describeMemory, explainMemory, formatBytes, memoryOf, ownerOf, whyUnread } from './saved-tensors'

@customElement('gw-saved')
export class SavedSection extends LitElement {
  @property({ attribute: false }) graph: Graph | null = null
  @property({ attribute: false }) facts: Facts | null = null
  /** Kept from node to node. */
  private open = false

  static override styles = [
    unseen,
    controls,
    cards,
    css`
      :host {
        display: block;
      }

      summary {
        cursor: pointer;
        font-size: 13.5px;
      }

      summary strong {
        font-family: var(--mono);
        font-size: 12.5px;
        font-weight: 600;
      }

      p {
        margin: 6px 0;
        color: var(--muted);
        font-size: 13px;
        line-height: 1.4;
      }

      ol {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 22px;
        margin: 8px 0;
        padding: 0;
        list-style: none;
      }

      li {
        position: relative;
        padding: 7px 9px;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
      }

      li.end {
        padding: 0 2px;
        border: 0;
        color: var(--gradient);
        font: 14px/1.3 var(--serif);
      }

      /* The gradient comes from above, as in the order of the steps. */
      li + li::before {
        content: '↓';
        position: absolute;
        top: -22px;
        left: 12px;
        color: var(--gradient);
        font: 700 16px/20px var(--sans);
      }

      h4 {
        margin: 0;
        font: 600 12.5px var(--mono);
        overflow-wrap: anywhere;
      }

      table {
        width: 100%;
        margin-top: 4px;
        border-collapse: collapse;
        font-size: 12.5px;
      }

      th,
      td {
        padding: 3px 0;
        border-top: 1px solid var(--line);
        font-weight: 400;
        text-align: left;
        vertical-align: top;
      }

      th {
        font-family: var(--mono);
        white-space: nowrap;
      }

      td {
        padding-left: 8px;
        overflow-wrap: anywhere;
      }

      td:last-child {
        text-align: right;
        white-space: nowrap;
      }

      small {
        color: var(--muted);
        font-size: 12px;
      }
    `,
  ]

  override render() {
    const { facts } = this
    if (!facts || facts.autograd.length === 0) return nothing
    const memory = memoryOf(facts.autograd)
    return html`<details class="card" ?open=${this.open} @toggle=${this.toggle}>
      <summary>Saved for backward: <strong>${memory ? describeMemory(memory) : 'how much is not known'}</strong></summary>
      ${memory && memory.tensors > 0 ? html`<p>${explainMemory(memory)}</p>` : nothing}
      <ol aria-label="Autograd nodes in the order in which backward runs them">
        <li class="end">${gradientName(facts.label)} arrives</li>
        ${facts.autograd.map((one) => html`<li><h4>${one.name}</h4>${this.saved(one, facts)}</li>`)}
        <li class="end">${this.onwards(facts)}</li>
      </ol>
    </details>`
  }

  private saved(one: AutogradNode, facts: Facts) {
    const why = whyUnread(one)
    const values = Object.entries(one.values ?? {})
    // sizes that are noted for the compiler hold no memory
    const names = one.saved.filter((name) => !name.includes('_sym_'))
    return html`${why ? html`<p>${names.length > 0 ? `${names.join(', ')}. ` : ''}${why}</p>` : nothing}
      ${one.tensors && one.tensors.length > 0 ? this.table(one, one.tensors, facts) : nothing}
      ${one.tensors?.length === 0 && values.length === 0 ? html`<p>It saves nothing: the gradient alone is enough.</p>` : nothing}
      ${values.length > 0 ? html`<p>${values.map(([name, x]) => `${name} = ${shown(x)}`).join(', ')}</p>` : nothing}`
  }

  private table(one: AutogradNode, tensors: readonly SavedTensor[], facts: Facts) {
    return html`<table><caption class="unseen">Tensors that ${one.name} saved</caption>
      <thead class="unseen"><tr><th scope="col">name</th><th scope="col">whose</th><th scope="col">bytes</th></tr></thead>
      <tbody>${tensors.map(
        (tensor) => html`<tr><th scope="row">${tensor.name}</th>
        <td>${this.owner(tensor, facts)} <small>${formatShape(tensor.shape)} ${tensor.dtype}</small></td>
        <td>${formatBytes(tensor.bytes)}</td></tr>`,
      )}</tbody></table>`
  }

  private owner(tensor: SavedTensor, facts: Facts) {
    if (!this.graph) return nothing
    const { node, text } = ownerOf(this.graph, facts.node.id, tensor)
    return node === null
      ? text
      : html`<button class="link" @click=${() => send(this, 'gw-select', { node })}>${text}</button>`
  }

  private onwards({ node, label }: Facts) {
    const edges = this.graph?.edges.filter((edge) => edge.target === node.id) ?? []
    return edges.length === 0 ? `and goes on from ${label}` : `and goes on to what ${label} was computed from`
  }

  private toggle = (event: Event): void => {
    this.open = (event.target as HTMLDetailsElement).open
  }
}

function shown(x: unknown): string {
  if (typeof x === 'number') return formatNumber(x)
  if (typeof x === 'boolean') return x ? 'True' : 'False'
  return typeof x === 'string' ? x : (JSON.stringify(x) ?? '')
}
