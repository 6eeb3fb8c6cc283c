/** The heading of a node: its sign and name, the expression that makes it, its line, its autograd nodes. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { signOf } from '../../stage/program/operation-signs'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import type { Facts } from './node-facts'

const KINDS = { input: 'input', parameter: 'parameter, it learns', buffer: 'buffer', operation: 'operation' } as const

@customElement('gw-node-heading')
export class NodeHeading extends LitElement {
  @property({ attribute: false }) facts: Facts | null = null
  /** True if the reader chose the node; else it is the current step's. */
  @property({ type: Boolean }) pinned = false

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      h2 {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 10px;
        margin: 0;
        font-size: 16.5px;
        line-height: 1.35;
      }

      h2 span {
        overflow-wrap: anywhere;
      }

      /* As high as a finger needs: the link to the line may stand close below. */
      .unpin {
        min-height: 24px;
        margin-left: auto;
        font-size: 12.5px;
        font-weight: 400;
        white-space: nowrap;
      }

      p {
        margin: 0 0 10px;
        color: var(--muted);
        font-size: 13px;
        line-height: 1.4;
        overflow-wrap: anywhere;
      }
    `,
  ]

  override render() {
    if (!this.facts) return nothing
    const { node, label, expression, autograd } = this.facts
    const title = node.op ?? node.name ?? KINDS[node.kind]
    const sign = node.op === null ? '' : signOf(node)
    const about = [
      node.op === null ? KINDS[node.kind] : (expression ?? label),
      null,
      ...autograd.map((one) => one.name),
    ]
    return html`
      <h2>
        ${sign && sign !== title ? html`<span>${sign}</span>` : nothing}<span>${title}</span>
        ${
          this.pinned
            ? html`<button class="link unpin" title="Follow the steps again (Esc)"
          @click=${() => send(this, 'gw-select', { node: null })}>follow steps</button>`
            : nothing
        }
      </h2>
      <p>${about.map((part, index) => html`${index > 0 && part !== null ? ' · ' : ''}${part ?? this.lineLink(node.line)}`)}</p>
    `
  }

  private lineLink(line: number | null) {
    if (line === null) return nothing
    return html` · <button class="link" @click=${() => send(this, 'gw-show-line', { line })}>line ${line}</button>`
  }
}
