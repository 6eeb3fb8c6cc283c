/** The error of a program: its type and message, an explanation for learners, and the lines that led to it. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { ErrorReport, Outcome } from '../core/contract'
import { send } from './events'
import { cards, controls } from './styles'

const TITLES: Record<Outcome['status'], string> = {
  completed: 'Completed',
  failed: 'The program raised an error',
  timed_out: 'Stopped: it took too long',
  out_of_memory: 'Stopped: it needed too much memory',
  output_exceeded: 'Stopped: it printed too much',
  crashed: 'Python itself crashed',
}

@customElement('gw-outcome')
export class OutcomeCard extends LitElement {
  @property({ attribute: false }) outcome: Outcome | null = null

  static override styles = [
    controls,
    cards,
    css`
      :host {
        display: block;
        margin-bottom: 10px;
      }

      .card {
        font-size: 13px;
        overflow-wrap: anywhere;
      }

      .what {
        color: var(--error);
        font-weight: 600;
        white-space: pre-wrap;
      }

      .hint {
        margin: 6px 0 0;
        color: var(--ink);
        font-size: 14px;
      }

      .frames {
        margin: 6px 0 0;
        color: var(--muted);
      }
    `,
  ]

  override render() {
    if (!this.outcome) return nothing
    const { status, error } = this.outcome
    return html`<div class="card error" role="alert">
      <h2>${TITLES[status]}</h2>
      ${error ? this.report(error) : nothing}
    </div>`
  }

  private report(error: ErrorReport) {
    return html`
      <div class="what">${describeError(error)}</div>
      ${error.hint ? html`<p class="hint">${error.hint}</p>` : nothing}
      ${error.line === null ? nothing : html`<p class="frames">at ${this.calls(error)}</p>`}
    `
  }

  /** From the outermost call to the line that raised. */
  private calls(error: ErrorReport) {
    const frames = error.frames.length > 0 ? error.frames : [{ line: error.line ?? 1, function: '' }]
    return frames.map(
      ({ line, function: name }, index) => html`${index > 0 ? ' → ' : ''}<button class="link"
        @click=${() => send(this, 'gw-show-line', { line })}>line ${line}</button>${isNamed(name) ? ` in ${name}` : ''}`,
    )
  }
}

/** "RuntimeError: mat1 and mat2 shapes cannot be multiplied". */
export function describeError({ type, message }: ErrorReport): string {
  return message === '' ? type : `${type}: ${message}`
}

function isNamed(name: string): boolean {
  return name !== '' && name !== '<module>'
}
