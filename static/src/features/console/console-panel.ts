/** The console: the output of the program and its end. All of it was written by a program, so it is text, never markup. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { ConsoleEntry, Outcome, SnapshotHead } from '../../core/contract'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import '../../ui/outcome-card'

@customElement('gw-console')
export class ConsolePanel extends LitElement {
  @property({ attribute: false }) entries: readonly ConsoleEntry[] = []
  /** So many entries are shown; the rest is folded until the reader asks for it. */
  @property({ attribute: false }) shown = Number.POSITIVE_INFINITY
  /** The entries of which the reader has asked for the rest. */
  @state() private asked: readonly ConsoleEntry[] | null = null
  @property({ attribute: false }) outcome: Outcome | null = null
  @property({ attribute: false }) truncated: SnapshotHead['truncated'] = null

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        overflow: auto;
        padding: 8px 12px;
      }

      pre {
        margin: 0;
        color: var(--muted);
        font: 12.5px / 19px var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      .stderr {
        color: var(--error);
      }

      .line:hover {
        color: var(--ink);
        cursor: pointer;
      }

      .note {
        margin: 0 0 8px;
        color: var(--muted);
        font-size: 13px;
      }
    `,
  ]

  override render() {
    return html`
      ${this.outcome && this.outcome.status !== 'completed' ? html`<gw-outcome .outcome=${this.outcome}></gw-outcome>` : nothing}
      ${this.truncated ? this.truncatedNote(this.truncated) : nothing}
      ${this.entries.length === 0 ? this.emptyNote() : this.output()}
    `
  }

  private output() {
    const { entries, shown } = this
    const isFolded = shown < entries.length && this.asked !== entries
    const told = isFolded ? entries.slice(0, shown) : entries
    return html`${told.length > 0 ? html`<pre>${told.map((entry) => this.entry(entry))}</pre>` : nothing}
      ${
        isFolded
          ? html`<p class="note">What is printed next answers the question of the lesson.
            <button class="link" @click=${this.unfold}>Show the output</button></p>`
          : nothing
      }`
  }

  private readonly unfold = () => {
    this.asked = this.entries
  }

  private entry({ stream, text, line }: ConsoleEntry) {
    if (line === null) return html`<span class=${stream}>${text}</span>`
    return html`<span class="line ${stream}" title="Printed by line ${line}"
      @click=${() => send(this, 'gw-show-line', { line })}>${text}</span>`
  }

  private truncatedNote({ reason, recorded_steps }: NonNullable<SnapshotHead['truncated']>) {
    return html`<p class="note">Recorded up to step ${recorded_steps}: ${reason}</p>`
  }

  private emptyNote() {
    return this.outcome?.status === 'completed' ? html`<p class="note">The program printed nothing.</p>` : nothing
  }
}
