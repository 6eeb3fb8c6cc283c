/** The parts that the pages of explanations share: a stage with its formula, what it agrees with, where numbers come from. */

import { html, nothing } from 'lit'
import type { AnyExplanation, Quantity } from '../../core/contract'
import { formOf } from '../../core/severity'
import type { Page } from './explain-page'
import './maths'
import { agreement, kindSentence, kindWord, warningOf } from './explain-words'

/** One stage: its name and its formulas; nothing where there are none. `look`: a class of its own. */
export function stage(name: string, formulas: readonly string[], look = '') {
  const written = formulas.filter((tex) => tex !== '')
  if (written.length === 0) return nothing
  return html`<li class=${look}>${name ? html`<span class="stage">${name}</span>` : nothing}${written.map(
    (tex) => html`<gw-math .tex=${tex}></gw-math>`,
  )}</li>`
}

/** Render whether the number is PyTorch's, notes on unusual things, and the source of the formula. */
export function foot(told: AnyExplanation) {
  return html`${outcome(told)}${knownBy(told)}`
}

/** Render whether the number is PyTorch's, and notes on unusual things. */
export function outcome(told: AnyExplanation) {
  const found = agreement(told)
  const warning = warningOf(told)
  return html`${warning ? html`<p class="warning">${sign()}<b>Warning:</b> ${warning}</p>` : nothing}${
    found
      ? html`<p class="agreement ${found.good ? 'good' : 'bad'}"><span aria-hidden="true">${found.good ? '✓' : '✗'}</span> ${found.text}</p>`
      : nothing
  }${told.note && !warning ? html`<p class="note ${told.agrees === false ? '' : 'plain'}">${told.note}</p>` : nothing}`
}

export function knownBy(told: AnyExplanation) {
  return html`<details><summary>${kindWord(told)}</summary><p>${kindSentence(told)}</p></details>`
}

/** The form that warnings have everywhere on the page. */
function sign() {
  const { outline, sign } = formOf('warning')
  return html`<svg viewBox="0 0 20 20" aria-hidden="true"><path d=${outline}></path><path class="sign" d=${sign}></path></svg>`
}

/** The nodes that numbers of the formula come from. */
export function from(quantities: readonly Quantity[], page: Page) {
  const nodes = [...new Set(quantities.map(({ node }) => node))].filter((node) => node !== page.node)
  if (nodes.length === 0) return nothing
  return html`<div class="from">Numbers from ${nodes.map((node) => nodeButton(node, page))}</div>`
}

export function nodeButton(node: string, page: Page) {
  return html`<button class="node" title="Select this node" @click=${() => page.select(node)}>${page.label(node)}</button>`
}
