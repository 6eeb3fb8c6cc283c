/** The card of a variable at the current step. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Variable, VariableNumbers } from './variable-value'

@customElement('gw-variable')
export class VariableCard extends LitElement {
  @property({ attribute: false }) variable: Variable | null = null

  static override styles = css`
    :host {
      display: block;
      max-width: 460px;
      padding: 9px 13px 10px;
      color: var(--ink);
      font: 13.5px / 1.45 var(--sans);
    }

    h3 {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 12px;
      align-items: baseline;
      margin: 0;
      font: 600 15px / 1.4 var(--mono);
    }

    h3 span {
      font-weight: 400;
      font-size: 13px;
    }

    p {
      margin: 2px 0 0;
      color: var(--muted);
    }

    h4 {
      margin: 7px 0 1px;
      font-weight: 400;
      font-size: 12.5px;
    }

    table {
      border-spacing: 0;
      font: 14px / 1.4 var(--mono);
    }

    td {
      padding: 0 14px 0 0;
      text-align: right;
      white-space: nowrap;
    }

    .words td {
      color: var(--ink);
      text-align: left;
    }

    .value {
      color: var(--value);
    }

    .gradient {
      color: var(--gradient);
    }
  `

  override render() {
    if (!this.variable) return nothing
    const { name, shape, origin, value, gradient, notes } = this.variable
    return html`<h3>${name}${shape ? html`<span>${shape}</span>` : nothing}</h3>
      ${origin ? html`<p>${origin}</p>` : nothing}
      ${value ? numbers(value, 'value') : nothing} ${gradient ? numbers(gradient, 'gradient') : nothing}
      ${notes.map((note) => html`<p>${note}</p>`)}`
  }
}

function numbers({ title, rows, numbers }: VariableNumbers, colour: string) {
  const cells = (row: readonly string[]) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`
  return html`<h4 class=${colour}>${title}</h4>
    <table class="${colour} ${numbers ? '' : 'words'}"><tbody>${rows.map(cells)}</tbody></table>`
}
