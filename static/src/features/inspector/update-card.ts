/** The update of a parameter, worked through with its numbers. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Update } from '../../core/contract'
import { cards } from '../../ui/styles'
import { argumentText } from './facts-table'
import type { Facts } from './node-facts'
import { workedElement } from './parameter-updates'

@customElement('gw-update')
export class UpdateCard extends LitElement {
  @property({ attribute: false }) done: Facts['update'] = null

  static override styles = [
    cards,
    css`
      :host {
        display: block;
      }

      .formula {
        font: 15.5px/1.45 var(--serif);
        overflow-wrap: anywhere;
      }

      p {
        margin: 4px 0 0;
        font-size: 13px;
      }
    `,
  ]

  override render() {
    if (!this.done) return nothing
    const { update, formula } = this.done
    const worked = workedElement(update)
    return html`<section class="card update"><h3>Update${update.optimizer ? ` · ${update.optimizer}` : ' by hand'}</h3>
      <div class="formula">${worked ?? formula}</div>
      ${worked ? html`<p class="muted">the element that moves most; all others likewise</p>` : nothing}
      ${settingsOf(update)}</section>`
  }
}

function settingsOf({ settings }: Update) {
  const shown = Object.entries(settings).filter(([, x]) => typeof x === 'number' && x !== 0)
  if (shown.length === 0) return nothing
  return html`<p class="muted">${shown.map(([key, x]) => `${key} = ${argumentText(x)}`).join(', ')}</p>`
}
