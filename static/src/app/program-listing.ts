/** The program beside the stage, to be read: the line of the current step is lit, and a line leads to its step. */

import { css, html, LitElement } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { send } from '../ui/events'

@customElement('gw-listing')
export class Listing extends LitElement {
  @property() source = ''
  /** From 1; null lights none. */
  @property({ attribute: false }) line: number | null = null
  @property() phase = 'forward'

  static override styles = css`
    :host {
      display: block;
      padding: 10px 0;
      overflow: auto;
      background: var(--panel);
      color: var(--ink);
      font: 13px / 1.55 var(--mono);
    }

    ol {
      width: max-content;
      min-width: 100%;
      margin: 0;
      padding: 0;
      list-style: none;
      counter-reset: line;
    }

    li {
      padding: 0 14px 0 0;
      border-left: 3px solid transparent;
      white-space: pre;
      cursor: pointer;
      counter-increment: line;
    }

    li::before {
      display: inline-block;
      width: 3.2ch;
      margin-right: 1.6ch;
      color: var(--muted);
      content: counter(line);
      text-align: right;
    }

    li:hover {
      background: var(--hover);
    }

    li.lit {
      border-left-color: var(--value-fill);
      background: var(--value-tint);
    }

    li.lit.backward {
      border-left-color: var(--gradient-fill);
      background: var(--gradient-tint);
    }

    li.lit.update {
      border-left-color: var(--update-fill);
      background: var(--update-tint);
    }
  `

  override render() {
    const lines = this.source.replace(/\n+$/, '').split('\n')
    return html`<ol>${lines.map((text, index) => {
      const lit = index + 1 === this.line ? `lit ${this.phase}` : ''
      return html`<li class=${lit} @click=${() => send(this, 'gw-line', { line: index + 1 })}>${text}</li>`
    })}</ol>`
  }

  protected override updated(): void {
    this.renderRoot.querySelector('.lit')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }
}
