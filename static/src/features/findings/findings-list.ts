/** The list of findings: how severe, why, what to do, and the ways to where each shows. Names come from programs: text, never markup. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Finding, SnapshotHead } from '../../core/contract'
import { labelOf } from '../../core/labels'
import { send } from '../../ui/events'
import { findingForms, form } from '../../ui/severity-mark'
import { controls } from '../../ui/styles'
import { CALLED, summary, whenItShows } from '../../walk/finding'

@customElement('gw-findings')
export class FindingsList extends LitElement {
  /** The worst first. */
  @property({ attribute: false }) findings: readonly Finding[] = []
  @property({ attribute: false }) head: SnapshotHead | null = null
  /** The one that the page is at. */
  @property({ attribute: false }) chosen: Finding | null = null

  static override styles = [
    controls,
    findingForms,
    css`
      :host {
        display: block;
        padding: 12px 14px 20px;
      }

      h2 {
        margin: 0 0 10px;
        color: var(--muted);
        font-size: 13px;
        font-weight: 400;
      }

      ol {
        display: grid;
        gap: 10px;
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        padding: 10px 12px 11px;
        border: 1px solid var(--line-strong);
        border-left: 5px solid var(--note);
        border-radius: 8px;
        background: var(--card);
        overflow-wrap: anywhere;
      }

      li.warning {
        border-left-color: var(--warning);
      }

      li.error {
        border-left-color: var(--error);
      }

      li[aria-current] {
        outline: 2px solid var(--ink);
        outline-offset: -1px;
      }

      h3 {
        margin: 0 0 4px;
        font-size: 13.5px;
        font-weight: 650;
      }

      h3 .form {
        width: 16px;
        height: 16px;
        margin-right: 6px;
        vertical-align: -3px;
      }

      p {
        margin: 4px 0 0;
        font-size: 14px;
        line-height: 1.45;
      }

      .todo {
        font-weight: 600;
      }

      .when {
        color: var(--muted);
        font-size: 12.5px;
      }

      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 8px;
      }

      .ways .button {
        height: 28px;
        max-width: 100%;
        padding: 0 10px;
        overflow: hidden;
        font-size: 13px;
        text-overflow: ellipsis;
      }

      @media (pointer: coarse) {
        .ways .button {
          height: 44px;
        }
      }
    `,
  ]

  override render() {
    if (this.findings.length === 0) return html`<h2>Nothing goes wrong any more.</h2>`
    return html`<h2>${summary(this.findings)}</h2>
      <ol role="list">${this.findings.map((one) => this.entry(one))}</ol>`
  }

  protected override updated(): void {
    this.renderRoot.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }

  private entry(finding: Finding) {
    const { severity, why, todo, line } = finding
    const name = this.nameOf(finding)
    const when = whenItShows(finding, this.head?.iterations ?? [])
    return html`<li class=${severity} aria-current=${finding === this.chosen ? 'true' : nothing}>
      <h3>${form(finding)}${CALLED[severity]}${line === null ? nothing : ` in line ${line}`}</h3>
      <p>${why}</p><p class="todo">${todo}</p>
      ${when === '' ? nothing : html`<p class="when">${when}.</p>`}
      <div class="ways"><button class="button" aria-label="Show ${name ?? 'it'}: ${why}" @click=${() => this.go(finding)}>Show ${name ?? 'it'}</button>${
        line === null
          ? nothing
          : html`<button class="button" aria-label="Line ${line}: ${why}" @click=${() => send(this, 'gw-show-line', { line })}>Line ${line}</button>`
      }</div></li>`
  }

  private nameOf({ graph, node }: Finding): string | null {
    const found = this.head?.graphs.find(({ id }) => id === graph)
    return found && node !== null ? labelOf(found, node) : null
  }

  private go(finding: Finding): void {
    this.dispatchEvent(new CustomEvent('gw-finding', { detail: { finding } }))
  }
}
