/** A gradient as the sum of what came back along the edges that leave the node. */

import { html, nothing } from 'lit'
import type { NodeExplanation } from '../../core/contract'
import { formatNumber } from '../../core/numbers'
import { elementFields } from './element-fields'
import type { Page } from './explain-page'
import { foot, nodeButton, stage } from './explain-parts'
import { resultLine, withGradients, withNumbers } from './latex'

export function gradientPage(told: NodeExplanation, page: Page) {
  const { stages, parts, meaning, accumulated } = told
  const result = resultLine(stages.symbols, stages.result)
  const several = parts.length > 1
  const begins = parts.every(({ edge }) => edge === null)
  return html`<section class="card gradient" aria-label="Gradient of ${page.label(told.node)}">
    <h3>Gradient of ${page.label(told.node)}</h3>
    ${elementFields(told.element, told.shape, page.choose)}
    <ol>
      ${several ? stage('Contributions add up', [withGradients(stages.symbols)]) : nothing}
      ${several ? stage('With the numbers', [withNumbers(stages.numbers, 'grad', null)]) : nothing}
      ${stage(several ? 'Result' : '', [result], 'result')}
      ${accumulated ? stage('The leaf keeps it', [withNumbers(accumulated.line, 'grad', null)]) : nothing}
    </ol>
    ${several || begins ? html`<p class="words">${meaning}</p>` : nothing}
    ${several ? partTable(told, page) : nothing}
    ${several || told.agrees === false ? foot(told) : nothing}
    ${page.check(told)}
  </section>`
}

function partTable({ parts }: NodeExplanation, page: Page) {
  return html`<table aria-label="Contributions"><tbody>${parts.map(
    ({
      edge,
      value,
    }) => html`<tr><th scope="row">${edge === null ? 'the pass begins with' : html`from ${nodeButton(page.target(edge), page)}`}</th>
      <td class="grad">${formatNumber(value)}</td></tr>`,
  )}</tbody></table>`
}
