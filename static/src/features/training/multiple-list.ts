/** The parameters as small multiples, by module, with a filter when they are many. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { NamedIterations } from '../../core/iteration-names'
import { controls } from '../../ui/styles'
import { groupsOf, type Multiple } from './training-history'
import './multiple-chart'

/** More parameters than this are hard to find one in. */
const MANY = 8

@customElement('gw-multiples')
export class MultipleList extends LitElement {
  @property({ attribute: false }) multiples: readonly Multiple[] = []
  @property({ attribute: false }) iterations: NamedIterations = []
  @property({ attribute: false }) iteration = 0
  @property({ attribute: false }) pointed: number | null = null
  /** Which of a parameter's nodes is that of the graph on show. */
  @property({ attribute: false }) graph = 0
  @property({ attribute: false }) selected: string | null = null
  @state() private filter = ''

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      label {
        display: flex;
        align-items: center;
        gap: 8px;
        margin-bottom: 6px;
        color: var(--muted);
        font-size: 13px;
      }

      input {
        flex: 0 1 220px;
        min-width: 0;
        height: 28px;
        padding: 0 8px;
        border: 1px solid var(--line-strong);
        border-radius: 6px;
        background: var(--card);
        color: var(--ink);
      }

      .all {
        display: flex;
        flex: 1;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-content: stretch;
        min-height: 0;
        padding: 2px;
        overflow-y: auto;
      }

      section {
        display: flex;
        flex: 1 1 var(--wide, 230px);
        flex-direction: column;
        min-width: min(230px, 100%);
      }

      section.several {
        --wide: 468px;
      }

      h4 {
        margin: 0 0 3px;
        color: var(--muted);
        font: 600 13px var(--mono);
        overflow-wrap: anywhere;
      }

      ul {
        display: flex;
        flex: 1;
        flex-wrap: wrap;
        gap: 8px;
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        display: grid;
        flex: 1 1 230px;
        min-width: min(230px, 100%);
        min-height: 128px;
      }

      p {
        margin: 0;
        color: var(--muted);
      }

      @media (max-width: 899px) {
        .all {
          overflow: visible;
        }
      }
    `,
  ]

  override render() {
    const groups = groupsOf(this.multiples, this.filter)
    if (this.multiples.length === 0)
      return html`<p>No parameter was followed in this training: there is only the loss.</p>`
    return html`
      ${this.multiples.length > MANY ? this.field(groups.reduce((sum, { multiples }) => sum + multiples.length, 0)) : nothing}
      <div class="all" tabindex="0" role="group" aria-label="Parameters over the iterations">
        ${groups.length === 0 ? html`<p>No parameter's name holds “${this.filter}”.</p>` : nothing}
        ${groups.map(
          ({ name, multiples }) => html`<section class=${multiples.length > 1 ? 'several' : ''}>
            ${name === '' ? nothing : html`<h4>${name}</h4>`}
            <ul>${multiples.map((one) => this.item(one))}</ul>
          </section>`,
        )}
      </div>
    `
  }

  private item(one: Multiple) {
    const node = one.nodes[this.graph] ?? null
    return html`<li><gw-multiple .multiple=${one} .iterations=${this.iterations} .iteration=${this.iteration} .pointed=${this.pointed} .node=${node}
      .selected=${node !== null && node === this.selected}></gw-multiple></li>`
  }

  private field(found: number) {
    return html`<label>Filter <input type="search" .value=${this.filter} placeholder="part of a name" @input=${this.onInput}>
      <span role="status">${found} of ${this.multiples.length} parameters</span></label>`
  }

  private onInput = (event: Event) => {
    this.filter = (event.target as HTMLInputElement).value
  }
}
