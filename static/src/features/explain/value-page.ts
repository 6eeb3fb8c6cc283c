/** A value as its operation's formula with its numbers, and an update as its optimizer's rule. */

import { html, nothing } from 'lit'
import type { NodeExplanation, UpdateExplanation } from '../../core/contract'
import { formatNumber } from '../../core/numbers'
import { elementFields } from './element-fields'
import type { Page } from './explain-page'
import { foot, from, stage } from './explain-parts'
import { lastNumber, mark, texOf, withGradients, withNumbers, withTexts } from './latex'

export function valuePage(told: NodeExplanation, page: Page) {
  const { stages, formula, reads, whole } = told
  const element = stages.local === '' ? '' : `${stages.symbols} ${stages.local}`
  const values = reads.map(({ value }) => value)
  return html`<section class="card" aria-label="Value of ${page.label(told.node)}">
    <h3>Value of ${page.label(told.node)}</h3>
    ${elementFields(told.element, told.shape, page.choose)}
    <ol>
      ${stage('Whole matrices', [whole])}
      ${stage('Formula', [formula === stages.symbols ? '' : formula])}
      ${stage('This element', [element])}
      ${stage('With the numbers', [withNumbers(stages.numbers, 'value', values)])}
      ${stage('Result', [`${stages.symbols} ${withNumbers(stages.result, 'value', null)}`], 'result')}
    </ol>
    ${from(reads, page)}
    ${foot(told)}
  </section>`
}

/** What an optimizer computes before it changes a number, by its letter. */
const REMEMBERED: Readonly<Record<string, string>> = {
  '\\tilde{g}': 'With weight decay',
  v: 'Velocity',
  m: 'Mean of the gradients',
  s: 'Mean of their squares',
  '\\hat{m}': 'Corrected for the start',
  '\\hat{s}': 'Corrected for the start',
  '\\bar{g}': 'Mean of the gradients',
  d: 'Mean of the squares of the steps',
  '\\delta': 'The step',
  u: 'The largest gradient so far',
  '\\mu_{t}': 'Momentum of this step',
  '\\mu_{t+1}': 'Momentum of the next step',
  '\\rho_{t}': 'How many gradients s is worth',
  r: 'Trust in s',
  '\\eta_{t}': 'Learning rate of this step',
}

function line({ symbol, formula, numbers, value }: UpdateExplanation['remembered'][number]): string {
  return `${symbol} = ${formula} = ${numbers} = ${texOf(value)}`
}

export function updatePage(told: UpdateExplanation, page: Page) {
  const { stages, meaning, optimizer, settings, remembered, changed } = told
  const arrived = lastNumber(stages.local)
  const local = arrived === null ? stages.local : stages.local.replace(arrived, mark('grad', arrived))
  const slope = changed ? texOf(changed.after) : arrived
  const shown = Object.entries(settings).filter(([, x]) => x !== 0)
  return html`<section class="card update" aria-label="Update of ${page.label(told.node)}">
    <h3>Update of ${page.label(told.node)}${optimizer ? ` · ${optimizer}` : ' by hand'}</h3>
    ${elementFields(told.element, told.shape, page.choose)}
    <ol>
      ${stage('Gradient', [withGradients(local)])}
      ${stage('Changed before the step', [withGradients(changed?.line ?? '')])}
      ${remembered.map((one) => stage(REMEMBERED[one.symbol] ?? 'Before the step', [line(one)]))}
      ${stage('Rule', [stages.symbols])}
      ${stage('With the numbers', [slope === null ? stages.numbers : withTexts(stages.numbers, 'grad', [slope])])}
      ${stage('Result', [withNumbers(stages.result, 'value', null)], 'result')}
    </ol>
    <p class="words">${meaning}${changed ? ` ${changed.meaning}` : ''}</p>
    ${
      shown.length > 0
        ? html`<p class="words">${shown.map(([key, x]) => `${key} = ${formatNumber(x)}`).join(', ')}</p>`
        : nothing
    }
    ${foot(told)}
  </section>`
}
