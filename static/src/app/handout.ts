/** A snapshot on paper: the program, the drawing of one iteration, every step in a sentence, every parameter. */

import { html, LitElement, nothing, svg } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { Client } from '../api/client'
import type { Iteration, Observations, SnapshotHead } from '../core/contract'
import { atStart, iterationLabel } from '../core/iteration-names'
import { formatNumber } from '../core/numbers'
import { qrOf } from '../core/qr-code'
import { showTheme } from '../core/theme'
import { parsePlace } from '../page/url'
import { NOTHING_OBSERVED } from '../walk/observations'
import { buildTimeline } from '../walk/timeline'
import { sheet } from './handout-styles'
import { parameterRows, stepRows } from './handout-tables'

/** A handout of more is a book. */
const MOST_STEPS = 600

@customElement('gradwalk-handout')
export class Handout extends LitElement {
  @property() heading = ''
  @property() snapshot = ''
  @state() private head: SnapshotHead | null = null
  @state() private body: Iteration | null = null
  private observations: Observations = NOTHING_OBSERVED
  @state() private problem = ''
  @state() private undrawn = false

  static override styles = sheet

  override connectedCallback(): void {
    super.connectedCallback()
    showTheme('light')
    void this.load()
  }

  override render() {
    if (this.problem !== '') return html`<p role="alert">${this.problem}</p>`
    if (this.head === null) return html`<p role="status">Loading …</p>`
    return html`
      <div class="bar"><p>This is how it will look on paper, in black and white too.</p>
        <button @click=${() => window.print()}>Print</button></div>
      ${this.top(this.head)} ${this.program(this.head)}
      ${this.body === null ? html`<p>This program made no tensors: there is nothing to draw.</p>` : this.walk(this.head, this.body)}`
  }

  private top(head: SnapshotHead) {
    const { size, path } = qrOf(this.link)
    const { error } = head.outcome
    return html`<div class="head"><div><h1>${this.heading}</h1>
        <p>${this.place(head)}</p>
        <p>PyTorch ${head.environment.torch} · Python ${head.environment.python} · seed ${head.program.seed} ·
          ${new Date(head.created_at).toLocaleDateString('en', { dateStyle: 'long' })}</p>
        <p class="link">${this.link}</p>
        ${error ? html`<p class="error"><b>${error.type}</b>${error.line ? ` in line ${error.line}` : ''}: ${error.message} ${error.hint ?? ''}</p>` : nothing}
      </div>
      <svg viewBox="0 0 ${size} ${size}" role="img" aria-label="QR code of the link to this program">${svg`<path d=${path} />`}</svg></div>`
  }

  private place({ iterations }: SnapshotHead): string {
    if (this.body === null) return 'Nothing was recorded'
    const loss = this.body.loss === null ? '' : ` · loss ${formatNumber(this.body.loss)}`
    return atStart(iterationLabel(iterations, this.body.index)) + loss
  }

  private program(head: SnapshotHead) {
    const lines = head.program.source.replace(/\n+$/, '').split('\n')
    return html`<h2>Program</h2>
      <table class="program"><tbody>${lines.map(
        (line, index) => html`<tr><td class="number">${index + 1}</td><td>${line}</td></tr>`,
      )}</tbody></table>`
  }

  private walk(head: SnapshotHead, body: Iteration) {
    const graph = head.graphs.find(({ id }) => id === body.graph)
    if (!graph) return nothing
    const drawing = `/api/v1/snapshots/${encodeURIComponent(head.id)}/export/svg?iteration=${body.index}`
    const steps = stepRows(buildTimeline(graph, body, this.observations), MOST_STEPS)
    const parameters = parameterRows(graph, body)
    return html`<h2>Graph</h2>
      ${
        this.undrawn
          ? html`<p>This graph is too large for one drawing on paper: look at it on the page, where groups fold.</p>`
          : html`<figure><img src=${drawing} alt="The graph, with the value above each node and its gradient below it"
              @error=${this.giveUpDrawing}>
            <figcaption>Values stand above each node, gradients below it. What learns has a strong violet border.</figcaption></figure>`
      }
      ${
        parameters.length === 0
          ? nothing
          : html`<h2>Parameters</h2><table class="parameters">
            <thead><tr><th>parameter</th><th>shape</th><th>value</th><th>gradient</th><th>after the update</th></tr></thead>
            <tbody>${parameters.map(
              (row) => html`<tr><td>${row.name}</td><td>${row.shape}</td><td>${row.value ?? '–'}</td>
                <td>${row.gradient ?? 'none'}</td><td>${row.after ?? '–'}</td></tr>`,
            )}</tbody></table>`
      }
      <h2>Steps</h2>
      <table class="steps"><thead><tr><th class="number">step</th><th class="phase">phase</th><th>what happens</th><th class="number">line</th></tr></thead>
        <tbody>${steps.map(
          (
            row,
          ) => html`<tr><td class="number">${row.number}</td><td class="phase">${row.phase}</td><td>${row.sentence}</td>
            <td class="number">${row.line ?? ''}</td></tr>`,
        )}</tbody></table>
      ${body.steps.length > MOST_STEPS ? html`<p>${(body.steps.length - MOST_STEPS).toLocaleString('en')} more steps are on the page.</p>` : nothing}`
  }

  private get link(): string {
    const iteration = this.body === null ? '' : `?iteration=${this.body.index}`
    return new URL(`/s/${encodeURIComponent(this.snapshot)}${iteration}`, window.location.href).href
  }

  private giveUpDrawing = () => {
    this.undrawn = true
  }

  private async load(): Promise<void> {
    const client = new Client()
    try {
      const head = await client.snapshot(this.snapshot)
      const { iteration } = parsePlace(new URL(window.location.href))
      const index = Math.min(iteration ?? 0, head.iterations.length - 1)
      if (index >= 0) {
        // paper shows nothing later: it waits for both, and does without observations that cannot be had
        const observed = client.observations(this.snapshot, index).catch(() => NOTHING_OBSERVED)
        this.body = await client.iteration(this.snapshot, index)
        this.observations = await observed
      }
      this.head = head
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error)
    }
  }
}
