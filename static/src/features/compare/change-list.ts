/** The lines by which one program differs from another. */

import { css, html, LitElement } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { changesBetween } from './line-changes'

@customElement('gw-changes')
export class ChangeList extends LitElement {
  @property({ attribute: false }) from = ''
  @property({ attribute: false }) to = ''

  static override styles = css`
    :host {
      display: block;
      overflow: auto;
      max-height: 168px;
      border-bottom: 1px solid var(--line);
      background: var(--room);
      color: var(--ink);
    }

    p {
      margin: 0;
      padding: 8px 12px;
      color: var(--muted);
      font: 14px var(--sans);
    }

    ol {
      margin: 0;
      padding: 6px 0;
      font: 13px/1.6 var(--mono);
      list-style: none;
    }

    li {
      display: flex;
      gap: 10px;
      padding: 0 12px;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }

    i {
      flex: none;
      width: 4.5em;
      color: var(--muted);
      font-style: normal;
      text-align: right;
    }

    .added {
      background: var(--difference-fill);
      color: var(--difference-ink);
    }

    .added i {
      color: inherit;
    }

    .removed span {
      text-decoration: line-through;
      text-decoration-color: var(--muted);
    }
  `

  override render() {
    const changes = changesBetween(this.from, this.to)
    if (changes.length === 0) return html`<p>Both programs have the same text.</p>`
    return html`<ol aria-label="Changed lines">${changes.map(
      ({ kind, line, text }) =>
        html`<li class=${kind}><i>${kind === 'added' ? 'B +' : 'A −'}${line}</i><span>${text || ' '}</span></li>`,
    )}</ol>`
  }
}
