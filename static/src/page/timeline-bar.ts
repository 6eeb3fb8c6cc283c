/** The bar along the bottom: play and step buttons, the phases with a tick per step, the iterations with their loss. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { IterationSummary, Step } from '../core/contract'
import type { RecordingGap } from '../core/recording-gaps'
import { type Breakpoints, breaksAt, NO_BREAKPOINTS } from '../walk/breakpoints'
import type { LoneStep, Timeline } from '../walk/model'
import { SPEEDS } from '../walk/player'
import { operationName } from '../walk/sentences'
import { type Band, bandsOf, stepAt, tickAt, windowOf } from './phase-bands'
import './iteration-slider'

@customElement('gw-timeline')
export class TimelineBar extends LitElement {
  @property({ attribute: false }) timeline: Timeline | null = null
  @property({ attribute: false }) step = 0
  @property({ attribute: false }) breakpoints: Breakpoints = NO_BREAKPOINTS
  @property({ attribute: false }) playing = false
  @property({ attribute: false }) speed = 1
  @property({ attribute: false }) iterations: readonly IterationSummary[] = []
  /** Where a limit has left turns out between two iterations. */
  @property({ attribute: false }) gaps: readonly RecordingGap[] = []
  @property({ attribute: false }) iteration = 0
  /** In a comparison: the steps that only one of the two runs has. */
  @property({ attribute: false }) lone: ReadonlyMap<number, LoneStep> = new Map()
  /** True if the training over time is on show; null: this page has no training. */
  @property({ attribute: false }) training: boolean | null = false

  static override styles = css`
    :host {
      display: flex;
      align-items: center;
      gap: 18px;
      padding: 8px 16px;
      background: var(--panel);
      color: var(--ink);
      font: 14px / 1.4 var(--sans);
    }
    .buttons {
      display: flex;
      gap: 6px;
    }
    button {
      min-width: 40px;
      height: 34px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--card);
      color: var(--ink);
      font: inherit;
      cursor: pointer;
    }
    button:hover:not(:disabled) {
      background: var(--hover);
    }
    button:disabled {
      color: var(--muted);
      cursor: default;
    }
    button:focus-visible,
    .track:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
    .play {
      background: var(--strong);
      border-color: var(--strong);
      color: var(--on-strong);
    }
    .play:hover:not(:disabled) {
      background: var(--strong);
      opacity: 0.88;
    }
    .middle {
      flex: 1;
      min-width: 0;
    }
    .labels,
    .track,
    .current {
      position: relative;
      height: 20px;
    }
    .labels span,
    .current span {
      position: absolute;
      white-space: nowrap;
      font-size: 13px;
    }
    .labels span {
      color: var(--muted);
    }
    .track {
      height: 24px;
      cursor: pointer;
      border-radius: 6px;
      touch-action: none;
    }
    .band {
      position: absolute;
      top: 2px;
      bottom: 2px;
      border-radius: 5px;
      background: var(--value-tint);
    }
    .band.initialise {
      background: var(--hover);
    }
    .band.loss {
      background: var(--loss-tint);
    }
    .band.backward {
      background: var(--gradient-tint);
    }
    .band.update {
      background: var(--update-tint);
    }
    .tick {
      forced-color-adjust: none;
      position: absolute;
      top: 50%;
      width: 7px;
      height: 7px;
      margin: -3.5px;
      border-radius: 50%;
      background: var(--line-strong);
    }
    .tick.done.forward {
      background: var(--value-fill);
    }
    .tick.done.loss {
      background: var(--ink);
    }
    .tick.done.backward {
      background: var(--gradient-fill);
    }
    .tick.done.update {
      background: var(--update-fill);
    }
    .tick.now {
      width: 16px;
      height: 16px;
      margin: -8px;
    }
    .tick.lone {
      border: 2px solid var(--ink);
      border-radius: 2px;
    }
    /* an octagon, as on the cards and in the program */
    .stop {
      position: absolute;
      top: -7px;
      width: 11px;
      height: 11px;
      margin-left: -5.5px;
      clip-path: polygon(30% 0, 70% 0, 100% 30%, 100% 70%, 70% 100%, 30% 100%, 0 70%, 0 30%);
      background: var(--error);
    }
    .current span {
      transform: translateX(-50%);
      font-weight: 600;
    }
    .current .forward {
      color: var(--value);
    }
    .current .backward {
      color: var(--gradient);
    }
    .current .update {
      color: var(--update);
    }
    @media (max-width: 900px) {
      :host {
        flex-wrap: wrap;
        gap: 6px 18px;
      }
      .middle {
        flex-basis: 100%;
        order: -1;
      }
    }
    /* A finger on a phone: the buttons fill the row. */
    @media (pointer: coarse) {
      button {
        min-width: 44px;
        height: 44px;
      }
    }
    @media (max-width: 480px) {
      .buttons {
        flex: 1 0 100%;
      }
      .buttons button {
        flex: 1;
      }
    }
    /* A page at 200 % has few lines: one for the timeline. What its labels say, the sentence says too. */
    @media (max-height: 480px) and (min-width: 560px) {
      :host {
        flex-wrap: nowrap;
        padding: 4px 10px;
      }
      .middle {
        flex-basis: auto;
        order: 0;
      }
      .labels,
      .current {
        display: none;
      }
    }
  `

  override render() {
    const count = this.timeline?.steps.length ?? 0
    return html`${this.renderButtons(count)}
      <div class="middle">${count === 0 ? nothing : this.renderTrack(count)}</div>
      <gw-iterations .iterations=${this.iterations} .gaps=${this.gaps} .iteration=${this.iteration}
        .training=${this.training}></gw-iterations>`
  }

  private renderButtons(count: number) {
    const none = count === 0
    return html`<div class="buttons" role="group" aria-label="Playback">
      <button ?disabled=${none} @click=${() => this.seek(0)} aria-label="First step" title="First step (Home)">|◀</button>
      <button ?disabled=${none || this.step <= 0} @click=${() => this.seek(this.step - 1)} aria-label="Step back" title="Step back (←)">◀</button>
      <button class="play" ?disabled=${none} @click=${() => this.fire('gw-play', {})} aria-label=${this.playing ? 'Pause' : 'Play'} title="Play or pause (Space)">${this.playing ? '❚❚' : '▶'}</button>
      <button ?disabled=${none || this.step >= count - 1} @click=${() => this.seek(this.step + 1)} aria-label="Step forward" title="Step forward (→)">▶|</button>
      <button @click=${this.nextSpeed} aria-label="Speed ${this.speed}×" title="Speed (1–5)">${this.speed}×</button>
    </div>`
  }

  private renderTrack(count: number) {
    const steps = this.timeline?.steps ?? []
    const { from, to } = windowOf(count, this.step)
    const bands = bandsOf(this.timeline?.phases ?? []).filter((b) => b.to >= from && b.from <= to)
    const current = steps[this.step]
    return html`<div class="labels" aria-hidden="true">${bands.map((b) => this.renderLabel(b, from, to))}</div>
      <div
        class="track"
        role="slider"
        tabindex="0"
        aria-label="Step"
        aria-valuemin="1"
        aria-valuemax=${count}
        aria-valuenow=${this.step + 1}
        aria-valuetext=${current ? `Step ${this.step + 1} of ${count}: ${this.label(current)}${breaksAt(this.breakpoints, this.timeline as Timeline, this.step) ? ', breakpoint' : ''}` : ''}
        @pointerdown=${this.drag}
        @pointermove=${this.drag}
      >
        ${bands.map((b) => {
          const [left, right] = [edge(Math.max(b.from, from), from, to), edge(Math.min(b.to, to) + 1, from, to)]
          return html`<div class="band ${b.phase}" .style=${`left:calc(${left}% + 1px);width:calc(${right - left}% - 2px)`}></div>`
        })}
        ${steps.slice(from, to + 1).map((s) => this.renderTick(s, from, to))}
      </div>
      <div class="current" aria-hidden="true">${current ? this.renderCurrent(current, from, to) : nothing}</div>`
  }

  private renderLabel(band: Band, from: number, to: number) {
    const wide = (Math.min(band.to, to) - Math.max(band.from, from) + 1) / (to - from + 1) > 0.06
    return wide
      ? html`<span .style=${`left:${edge(Math.max(band.from, from), from, to)}%`}>${band.phase}</span>`
      : nothing
  }

  private renderTick(step: Step, from: number, to: number) {
    const stops = this.timeline !== null && breaksAt(this.breakpoints, this.timeline, step.index)
    const stop = stops
      ? html`<span class="stop" .style=${`left:${tickAt(step.index, from, to) * 100}%`}></span>`
      : nothing
    const state = `${step.index <= this.step ? 'done' : ''} ${step.index === this.step ? 'now' : ''}`
    const lone = this.lone.has(step.index) ? 'lone' : ''
    return html`${stop}<span class="tick ${state} ${step.phase} ${lone}" .style=${`left:${tickAt(step.index, from, to) * 100}%`}></span>`
  }

  private renderCurrent(step: Step, from: number, to: number) {
    const at = Math.max(0.05, Math.min(0.95, tickAt(step.index, from, to)))
    return html`<span class=${step.phase} .style=${`left:${at * 100}%`}>${this.label(step)}</span>`
  }

  private label(step: Step): string {
    const lone = this.lone.get(step.index)
    return lone ? `${this.name(lone.step)} · only ${lone.run}` : this.name(step)
  }

  private name(step: Step): string {
    const node = this.timeline?.nodes.get(step.node)
    const name = operationName(node?.op) ?? node?.name ?? 'tensor'
    return {
      leaf: `${name}`,
      operation: name,
      backward: `${name} backward`,
      accumulate: `${name}.grad`,
      change: `${name}.grad changed`,
      update: `update ${name}`,
    }[step.kind]
  }

  private drag = (event: PointerEvent) => {
    if (event.type === 'pointermove' && event.buttons !== 1) return
    const track = event.currentTarget as HTMLElement
    if (event.type === 'pointerdown') track.setPointerCapture(event.pointerId)
    const box = track.getBoundingClientRect()
    const { from, to } = windowOf(this.timeline?.steps.length ?? 0, this.step)
    this.seek(stepAt((event.clientX - box.left) / box.width, from, to))
  }

  private nextSpeed = () => {
    const at = SPEEDS.indexOf(this.speed as (typeof SPEEDS)[number])
    this.fire('gw-speed', { speed: SPEEDS[(at + 1) % SPEEDS.length] ?? 1 })
  }

  private seek(step: number): void {
    if (step !== this.step) this.fire('gw-seek', { step })
  }

  private fire(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }
}

/** The left edge of a step's place on the bar, in percent. */
function edge(step: number, from: number, to: number): number {
  return ((step - from) / (to - from + 1)) * 100
}
