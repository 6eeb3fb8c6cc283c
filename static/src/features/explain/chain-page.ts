/** The chain rule at one edge, in four stages. */

import { html, nothing } from 'lit'
import type { Explanation, Term } from '../../core/contract'
import { formatNumber, toNumber } from '../../core/numbers'
import { elementFields } from './element-fields'
import type { Page } from './explain-page'
import { from, knownBy, nodeButton, outcome, stage } from './explain-parts'
import { resultLine, withGradients, withProducts } from './latex'
import { measureButton, type Offer, standing } from './measure-button'

/**
 * `source`: the node that the contribution goes to. `fromNode`: whether that is the node that is shown. `offer`: the
 * measurement of it, where there can be one.
 */
export function chainPage(told: Explanation, page: Page, source: string, fromNode: boolean, offer: Offer | null) {
  const { stages, terms, formula, meaning, whole } = told
  const measured = told.kind === 'measured'
  const products = terms.map(({ upstream, put_in, reads }) => ({
    upstream: upstream.value,
    local: put_in,
    values: reads.map(({ value }) => value),
  }))
  const read = terms.flatMap(({ upstream, reads }) => [upstream, ...reads])
  return html`<section class="card ${offer ? 'measurable' : ''}" aria-label=${fromNode ? `Chain rule at ${page.label(told.node)}` : `Passed on to ${page.label(source)}`}>
    <h3>${fromNode ? html`Came from ${nodeButton(told.node, page)}` : html`Passed on to ${nodeButton(source, page)}`}</h3>
    ${measureButton(told, offer)}
    ${offer ? html`<div role="status" class="measured">${standing(offer)}${measured ? outcome(told) : nothing}</div>` : nothing}
    ${fromNode ? nothing : elementFields(told.element, told.shape, page.choose)}
    <ol>
      ${stage('Whole matrices', [withGradients(whole)])}
      ${stage('Chain rule', [withGradients(stages.symbols)])}
      ${stage('Local derivative', terms.length > 0 ? [formula, stages.local] : [stages.local])}
      ${stage('With the numbers', [withProducts(stages.numbers, products)])}
      ${stage('Result', [resultLine(stages.symbols, stages.result)], 'result')}
    </ol>
    ${meaning ? html`<p class="words">${meaning}</p>` : nothing}
    ${terms.length > 1 ? termTable(told, page) : nothing}
    ${from(read, page)}
    ${measured ? nothing : outcome(told)}
    ${knownBy(told)}
  </section>`
}

/** Every place in which the element was used: that is where broadcasting adds up. */
function termTable({ terms, rest }: Explanation, page: Page) {
  return html`<table aria-label="The terms that are added"><tbody>
    ${terms.map((term) => termRow(term, page))}
    ${rest ? html`<tr><th scope="row">${rest.terms} more</th><td></td><td class="grad">${formatNumber(rest.sum)}</td></tr>` : nothing}
  </tbody></table>`
}

function termRow({ upstream, value, product }: Term, page: Page) {
  const local = toNumber(value) < 0 ? `(${formatNumber(value)})` : formatNumber(value)
  return html`<tr><th scope="row"><button class="link" title="Select ${page.label(upstream.node)}"
      @click=${() => page.select(upstream.node)}><gw-math .tex=${withGradients(upstream.symbol)}></gw-math></button></th>
    <td><span class="grad">${formatNumber(upstream.value)}</span> · ${local}</td>
    <td class="grad">${formatNumber(product)}</td></tr>`
}
