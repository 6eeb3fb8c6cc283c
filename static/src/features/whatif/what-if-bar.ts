/** The bar over the stage while numbers are changed: the changes, problems, and the ways to end. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatNumber } from '../../core/numbers'
import { send } from '../../ui/events'
import { controls, unseen } from '../../ui/styles'
import { areSame, changesText, numberText, overridesText, signedText } from './leaf-changes'
import { compare } from './loss-prediction'
import type { Change, WhatIfState, WhatIfView } from './what-if-state'

@customElement('gw-what-if-bar')
export class WhatIfBar extends LitElement {
  @property({ attribute: false }) view: WhatIfView | null = null
  /** True if the losses are not shown anywhere else on the page. */
  @property({ type: Boolean, reflect: true }) alone = false
  @state() private spoken = ''

  static override styles = [
    unseen,
    controls,
    css`
      :host {
        position: absolute;
        z-index: 5;
        top: 6px;
        left: 12px;
        max-width: calc(100% - 24px);
        color: var(--ink);
        font: 14.5px/1.35 var(--sans);
      }

      .bar {
        padding: 4px 6px 4px 12px;
        border: 1px solid var(--value-fill);
        border-radius: 10px;
        background: var(--card);
        box-shadow: var(--shadow);
      }

      .line {
        display: flex;
        gap: 10px;
        align-items: center;
      }

      .what {
        font-variant-numeric: tabular-nums;
      }

      b {
        color: var(--value);
        font-weight: 650;
      }

      .button {
        height: 27px;
        padding: 0 9px;
        font-size: 14px;
      }

      .ways {
        white-space: nowrap;
      }

      p {
        margin: 2px 6px 2px 0;
        font-size: 14px;
      }

      .problem {
        color: var(--error);
      }

      .losses {
        display: none;
        font-variant-numeric: tabular-nums;
      }

      :host([alone]) .losses {
        display: block;
      }

      /* where there is room, on one line */
      :host([alone]) .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 0 14px;
        align-items: center;
      }

      :host([alone]) p:not(.losses) {
        flex-basis: 100%;
      }

      .losses .grad {
        color: var(--gradient);
      }

      /* one view at a time: the inspector is not beside the stage */
      @media (max-width: 899px) {
        .losses {
          display: block;
        }
      }
    `,
  ]

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('view')) return
    const whatIf = this.view?.whatIf
    // a dragged number changes everything many times a second: only the end is announced
    if (whatIf && !whatIf.moving) this.spoken = this.summary(whatIf)
    else if (!whatIf && changed.get('view')?.whatIf) this.spoken = 'The recorded run is on show.'
  }

  override render() {
    const whatIf = this.view?.whatIf ?? null
    const active = whatIf !== null && whatIf.changes.length + whatIf.shown.length > 0
    return html`${active ? this.hand(whatIf) : this.kept()}
      <span class="spoken unseen" role="status" aria-live="polite">${this.spoken}</span>`
  }

  private hand(whatIf: WhatIfState) {
    const { changes, shown, problem, otherWay } = whatIf
    return html`<div class="bar" role="group" aria-label="What if">
      <div class="line"><span class="what">What if ${whatText(changes)}</span><span class="ways">
        <button class="button" title="Back to the recorded run (Esc)" @click=${() => this.end('recorded')}>Back <kbd>Esc</kbd></button>
        <button class="button" title="Give this run an address of its own" @click=${() => this.end('shown')}>Keep</button></span></div>
      ${this.losses(whatIf)}
      ${
        problem
          ? html`<p class="problem">${problem.text}${problem.again === null ? nothing : ` Trying again in ${formatNumber(problem.again)} s.`}
        ${areSame(changes, shown) ? nothing : `The picture is still ${shown.length === 0 ? 'the recorded run' : `of ${changesText(shown)}`}.`}</p>`
          : nothing
      }
      ${otherWay ? html`<p>${otherWay}</p>` : nothing}
    </div>`
  }

  private losses({ recorded, shown }: WhatIfState) {
    if (shown.length === 0 || !this.view?.head) return nothing
    const { before, now, real, prediction } = compare(recorded, shown, this.view.head, this.view.iteration)
    if (before === null || now === null || real === null) return nothing
    const predicted = 'none' in prediction ? 'none' : signedText(prediction.total)
    return html`<p class="losses">loss ${formatNumber(before)} → ${formatNumber(now)}: predicted <b class="grad">${predicted}</b>,
      real <b>${signedText(real)}</b></p>`
  }

  /** A run that somebody kept, or a script asked for. */
  private kept() {
    const overrides = this.view?.head?.program.overrides ?? []
    if (overrides.length === 0) return nothing
    return html`<div class="bar" role="group" aria-label="What if"><div class="line">
      <span class="what">What-if run: <b>${overridesText(overrides)}</b></span>
      <button class="button" title="Run the program as it is written" @click=${() => this.end('program')}>Run without</button>
    </div></div>`
  }

  private summary({ recorded, shown, problem, otherWay }: WhatIfState): string {
    if (problem !== null) return problem.text
    if (shown.length === 0 || !this.view?.head) return ''
    const { now, real, prediction } = compare(recorded, shown, this.view.head, this.view.iteration)
    const said = [`What if ${changesText(shown)}.`]
    if (now !== null && real !== null) said.push(`Loss ${formatNumber(now)}, real change ${signedText(real)}.`)
    said.push(
      'none' in prediction
        ? `Prediction none: ${prediction.none}.`
        : `Predicted change ${signedText(prediction.total)}.`,
    )
    return [...said, otherWay ?? ''].join(' ').trim()
  }

  private end(how: 'recorded' | 'shown' | 'program'): void {
    send(this, 'gw-what-if-end', { with: how })
  }
}

function whatText(changes: readonly Change[]) {
  const [only, ...others] = changes
  if (only === undefined || others.length > 0) return html`<b>${changesText(changes)}</b>`
  return html`<b>${only.label} = ${numberText(only.value)}</b> (recorded ${numberText(only.recorded)})`
}
