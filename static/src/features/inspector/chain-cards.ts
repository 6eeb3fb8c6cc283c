/** Cards of the way of a gradient to a node and on from it: the sum of contributions, the chain rule with its numbers. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { bracketed } from '../../core/labels'
import { formatNumber, formatTensorLabel, formOf, toNumber } from '../../core/numbers'
import { send } from '../../ui/events'
import { cards, controls } from '../../ui/styles'
import { inBrackets, scalar } from '../../walk/lookup'
import { type Contribution, type Facts, gradientName, type Passing } from './node-facts'

@customElement('gw-chain')
export class ChainCards extends LitElement {
  @property({ attribute: false }) facts: Facts | null = null

  static override styles = [
    controls,
    cards,
    css`
      :host {
        display: grid;
        gap: 10px;
      }

      .formula {
        font: 16px/1.45 var(--serif);
        overflow-wrap: anywhere;
      }

      .formula strong {
        font-weight: 700;
      }

      /* A line breaks between terms, inside one only when it is wider than the card. */
      .term {
        display: inline-block;
        max-width: 100%;
      }

      .formula small {
        margin-left: 6px;
        color: var(--muted);
        font: 12.5px var(--sans);
      }

      ol {
        margin: 6px 0 0;
        padding: 0;
        font-size: 13px;
        list-style: none;
      }

      li {
        display: flex;
        gap: 8px;
        justify-content: space-between;
      }

      li span {
        font-family: var(--mono);
      }

      p {
        margin: 4px 0 0;
        color: var(--muted);
        font-size: 13px;
      }
    `,
  ]

  override render() {
    if (!this.facts) return nothing
    const { contributions, passings } = this.facts
    return html`
      ${contributions.length > 1 ? this.sum(this.facts) : nothing}
      ${passings.length === 1 ? passings.map((one) => this.stages(one)) : passings.map((one) => this.oneCard(one))}
    `
  }

  private sum({ contributions, gradient, label }: Facts) {
    const numbers = contributions.map(({ tensor }) => scalar(tensor))
    const total = scalar(gradient)
    const isScalar = total !== null && numbers.every((x) => x !== null)
    return html`<section class="card gradient">
      <h3>Contributions add up</h3>
      <div class="formula"><span class="grad">${gradientName(label)}</span> =
        ${
          isScalar
            ? html`<span class="grad">${numbers.map((x, i) => (i === 0 ? formatNumber(x ?? 0) : ` + ${inBrackets(x ?? 0)}`))}</span>
              = <strong class="grad">${formatNumber(total)}</strong>`
            : html`the sum of ${contributions.length}, element by element`
        }</div>
      <ol>${contributions.map((one) => this.from(one))}</ol>
    </section>`
  }

  private from({ from, label, tensor }: Contribution) {
    return html`<li><div>from ${this.nodeLink(from, label)}</div> <span class="grad">${formatTensorLabel(tensor)}</span></li>`
  }

  /** One way on: the chain rule in symbols, the local derivative, the numbers, the result. */
  private stages(one: Passing) {
    const numbers = this.numbersOf(one)
    return html`
      <section class="card"><h3>Chain rule</h3><div class="formula">${this.rule(one)}</div></section>
      ${numbers ? this.localCard(one, numbers.local) : nothing}
      ${numbers ? html`<section class="card"><h3>With the numbers</h3><div class="formula">${numbers.product}</div></section>` : nothing}
      <section class="card gradient"><h3>Result, passed on to ${this.nodeLink(one.to, one.label)}</h3>
        <div class="formula">${this.result(one)}</div></section>
    `
  }

  private localCard(one: Passing, local: number) {
    return html`<section class="card"><h3>Local derivative</h3>
      <div class="formula">${this.derivativeName(one)} = ${formatNumber(local)}</div></section>`
  }

  /** Several ways on: one card for each. */
  private oneCard(one: Passing) {
    const numbers = this.numbersOf(one)
    return html`<section class="card">
      <h3>Passed on to ${this.nodeLink(one.to, one.label)}</h3>
      <div class="formula">${this.rule(one)}</div>
      <div class="formula">${numbers ? html`${numbers.product} = ` : nothing}${this.result(one)}</div>
    </section>`
  }

  private rule(one: Passing) {
    const upstream = html`<span class="term grad">${gradientName(this.facts?.label ?? '')}</span>`
    return html`<span class="term">${gradientName(one.label)} =</span> ${upstream}
      <span class="term">· ${this.derivativeName(one)}</span>`
  }

  private derivativeName(one: Passing): string {
    return `∂${bracketed(this.facts?.label ?? '')}/∂${bracketed(one.label)}`
  }

  private numbersOf({ local }: Passing) {
    const upstream = scalar(this.facts?.gradient)
    if (local === null || upstream === null) return null
    const product = html`<span class="grad">${formatNumber(upstream)}</span> · ${inBrackets(local)}`
    return { local, product }
  }

  private result({ contribution }: Passing) {
    const only = contribution.data?.length === 1 ? contribution.data[0] : undefined
    if (only !== undefined) return html`<strong class="grad">${formatNumber(only)}</strong>`
    const zeros = contribution.data?.every((x) => toNumber(x) === 0) ?? false
    return html`<strong class="grad">${formOf(contribution.shape)}</strong>${zeros ? html`<small>all zeros</small>` : nothing}`
  }

  private nodeLink(node: string, label: string) {
    return html`<button class="link" @click=${() => send(this, 'gw-select', { node })}>${label}</button>`
  }
}
