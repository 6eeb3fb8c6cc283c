/** Everything that is known of one node at this step. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { ErrorReport, Tensor, Update } from '../api/types'
import { describeError } from '../console/outcome-card'
import { signOf } from '../graph/symbols'
import { formatNumber, formatShape } from '../numbers'
import { send } from '../shell/events'
import { cards, controls } from '../shell/styles'
import type { Theme } from '../theme'
import type { Timeline } from '../timeline/timeline'
import { whatIfCard } from '../whatif/placing'
import type { WhatIfView } from '../whatif/state'
import { type Facts, factsOf, gradientName } from './facts'
import type { LoadTensor } from './tensor-view'
import { describeShape, isSingle } from './tensors'
import { workedElement } from './updates'
import './node-tools'
import './chain-cards'
import './tensor-view'

const KINDS = { input: 'input', parameter: 'parameter, it learns', buffer: 'buffer', operation: 'operation' } as const

@customElement('gw-inspector')
export class InspectorPanel extends LitElement {
  @property({ attribute: false }) timeline: Timeline | null = null
  /** From 0. */
  /** Whether playing stops at the node. */
  @property({ type: Boolean }) stops = false
  @property({ type: Number }) step = 0
  /** The id of the node to show. */
  @property({ attribute: false }) node: string | null = null
  /** Whether the reader chose the node; else it is the current step's. */
  @property({ type: Boolean }) pinned = false
  @property() source = ''
  @property({ attribute: false }) error: ErrorReport | null = null
  @property() theme: Theme = 'light'
  @property({ attribute: false }) load: LoadTensor | null = null
  @property({ attribute: false }) whatIf: WhatIfView | null = null

  static override styles = [
    controls,
    cards,
    css`
      :host {
        display: block;
        padding: 14px 16px 20px;
      }

      h2 {
        display: flex;
        align-items: baseline;
        gap: 10px;
        margin: 0;
        font-size: 16.5px;
        line-height: 1.35;
      }

      h2 span:first-child {
        overflow-wrap: anywhere;
      }

      .unpin {
        margin-left: auto;
        font-size: 12.5px;
        font-weight: 400;
        white-space: nowrap;
      }

      .about {
        margin: 0 0 10px;
        color: var(--muted);
        font-size: 13px;
        line-height: 1.4;
        overflow-wrap: anywhere;
      }

      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
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

      .formula {
        font: 15.5px/1.45 var(--serif);
        overflow-wrap: anywhere;
      }

      .card p {
        margin: 4px 0 0;
        font-size: 13px;
      }

      .error p {
        margin: 0;
        color: var(--error);
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .error p + p {
        margin-top: 4px;
        color: var(--ink);
        font-weight: 400;
      }
    `,
  ]

  override render() {
    const facts = this.timeline && this.node ? factsOf(this.timeline, this.step, this.node, this.source) : null
    if (!facts) return html`<p class="about">Select a node, or step with → to see each one here.</p>`
    return html`
      ${this.heading(facts)}
      <div class="stack">
        ${facts.node.failed ? this.failure() : nothing}
        ${facts.contributions.length > 1 || facts.passings.length > 0 ? html`<gw-chain .facts=${facts}></gw-chain>` : nothing}
        ${whatIfCard(this.whatIf, facts.node)}
        ${facts.update ? this.updateCard(facts.update) : nothing}
        ${this.table(facts)}
        ${this.tensors(facts)}
      </div>
    `
  }

  private heading({ node, label, expression, autograd }: Facts) {
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
      <p class="about">${about.map((part, index) => html`${index > 0 && part !== null ? ' · ' : ''}${part ?? this.lineLink(node.line)}`)}</p>
      <gw-node-tools .stops=${this.stops}></gw-node-tools>
    `
  }

  private lineLink(line: number | null) {
    if (line === null) return nothing
    return html` · <button class="link" @click=${() => send(this, 'gw-show-line', { line })}>line ${line}</button>`
  }

  private failure() {
    if (!this.error) return nothing
    return html`<section class="card error"><h3>Failed here</h3><p>${describeError(this.error)}</p>
      ${this.error.hint ? html`<p>${this.error.hint}</p>` : nothing}</section>`
  }

  private updateCard({ update, formula }: NonNullable<Facts['update']>) {
    const worked = workedElement(update)
    return html`<section class="card update"><h3>Update${update.optimizer ? ` · ${update.optimizer}` : ' by hand'}</h3>
      <div class="formula">${worked ?? formula}</div>
      ${worked ? html`<p class="muted">the element that moves most; all others likewise</p>` : nothing}
      ${settingsOf(update)}</section>`
  }

  private table(facts: Facts) {
    const { node, values, gradient, accumulated, label } = facts
    const first = values?.[0]
    const name = node.name ?? ''
    return html`<table aria-label="Facts"><tbody>
      ${this.valueRows(facts)}
      ${node.requires_grad ? this.row(html`gradient ${gradientName(label)}`, this.shown(gradient, 'grad', facts.gradientStep)) : nothing}
      ${accumulated ? this.row(`${name || label}.grad`, this.shown(accumulated, 'grad', null)) : nothing}
      ${first ? this.row('shape · dtype', describeShape(first)) : nothing}
      ${first && !node.requires_grad ? this.row('gradient', html`<span class="later">none: it does not require one</span>`) : nothing}
      ${Object.entries(node.arguments).map(([key, x]) => this.row(key, argumentText(x)))}
      ${savedOf(facts) ? this.row('saved for backward', savedOf(facts)) : nothing}
      ${node.group ? this.row('inside', this.groupPath(node.group)) : nothing}
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

  private tensors({ node, label, values, inside, gradient, accumulated }: Facts) {
    const name = node.name ?? label
    const several = (values?.length ?? 0) > 1
    return html`
      ${values?.map((value, index) => this.tensor(value, several ? `output ${index}` : `value ${node.name ?? ''}`, 'value'))}
      ${inside.map(([what, tensor]) => this.tensor(tensor, what, 'value'))}
      ${gradient ? this.tensor(gradient, `gradient ${gradientName(label)}`, 'grad') : nothing}
      ${accumulated ? this.tensor(accumulated, `${name}.grad`, 'grad') : nothing}
    `
  }

  private tensor(tensor: Tensor, title: string, kind: 'value' | 'grad') {
    if (isSingle(tensor)) return nothing
    return html`<section class="card"><gw-tensor .tensor=${tensor} .title=${title} .kind=${kind} .theme=${this.theme}
      .load=${this.load}></gw-tensor></section>`
  }

  private groupPath(id: string): string {
    const groups = this.timeline?.graph.groups ?? []
    const path: string[] = []
    for (let at = groups.find((g) => g.id === id); at; at = groups.find((g) => g.id === at?.parent)) {
      path.unshift(at.name === '' ? at.type : `${at.name} (${at.type})`)
    }
    return path.join(' › ')
  }
}

function savedOf({ autograd }: Facts): string {
  // Symbolic sizes are bookkeeping of the compiler, not tensors.
  const saved = autograd.flatMap((one) => one.saved).filter((name) => !name.includes('_sym_'))
  return saved.join(', ')
}

function settingsOf({ settings }: Update) {
  const shown = Object.entries(settings).filter(([, x]) => typeof x === 'number' && x !== 0)
  if (shown.length === 0) return nothing
  return html`<p class="muted">${shown.map(([key, x]) => `${key} = ${argumentText(x)}`).join(', ')}</p>`
}

function argumentText(x: unknown): string {
  if (typeof x === 'number') return formatNumber(x)
  return typeof x === 'string' ? x : (JSON.stringify(x) ?? '')
}
