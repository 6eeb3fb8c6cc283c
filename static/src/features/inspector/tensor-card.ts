/** A card with a value and its gradient. It fetches numbers that were too many for the iteration, and shows them large on request. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { Refused } from '../../api/errors'
import { indexAt } from '../../core/cells'
import type { Graph, Tensor } from '../../core/contract'
import { describeShape, isNowhere, whyBeyond, whyNowhere } from '../../core/tensors'
import type { Theme } from '../../core/theme'
import { dialogs } from '../../ui/dialog-styles'
import { send } from '../../ui/events'
import { cards, controls } from '../../ui/styles'
import { type Attention, attentionOf } from './attention'
import { type Axes, PLAIN } from './axis-names'
import { FIRST_LOOK, type Look } from './tensor-look'
import type { Pair } from './tensor-pairs'
import './tensor-view'

/** Fetches the numbers of a tensor that were too many to stand inside the iteration. */
export type LoadTensor = (id: string) => Promise<Tensor>

@customElement('gw-tensor-card')
export class TensorCard extends LitElement {
  @property({ attribute: false }) pair: Pair | null = null
  /** Whose tensors they are, for the large view. */
  @property() owner = ''
  @property({ attribute: false }) axes: Axes = PLAIN
  /** The graph with the node of the tensors, and the program: they give the meaning of attention weights, and the tokens. */
  @property({ attribute: false }) graph: Graph | null = null
  @property() node = ''
  @property() source = ''
  @property() theme: Theme = 'light'
  /** True if a picked number can be explained. */
  @property({ type: Boolean }) explains = false
  @property({ attribute: false }) load: LoadTensor | null = null
  @state() private look: Look = FIRST_LOOK
  @state() private found: ReadonlyMap<Tensor, Tensor> = new Map()
  @state() private problems: ReadonlyMap<Tensor, string> = new Map()
  @state() private enlarged = false
  private attention: Attention | null = null
  private readonly asked = new WeakSet<Tensor>()
  @query('dialog') private dialog!: HTMLDialogElement | null

  static override styles = [
    controls,
    cards,
    dialogs,
    css`
      :host {
        display: block;
      }

      .card {
        padding: 8px 9px 10px;
      }

      .title {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 8px;
        align-items: start;
        margin-bottom: 8px;
        font-weight: 600;
      }

      .names span + span::before {
        content: ' · ';
        color: var(--muted);
      }

      .names {
        overflow-wrap: anywhere;
      }

      .shape {
        grid-column: 1 / -1;
        color: var(--muted);
        font-size: 12.5px;
        font-weight: 400;
      }

      .enlarge {
        min-height: 24px;
        padding: 0 8px;
        border: 1px solid var(--line-strong);
        border-radius: 6px;
        background: var(--card);
        font-size: 12.5px;
        font-weight: 400;
        cursor: pointer;
      }

      .enlarge:hover {
        background: var(--hover);
      }

      dialog {
        width: calc(100vw - 48px);
        max-width: none;
        height: calc(100vh - 40px);
        max-height: none;
      }

      dialog h2 {
        font-size: 20px;
      }

      dialog h2 small {
        margin-left: 10px;
        color: var(--muted);
        font-size: 16px;
        font-weight: 400;
      }
    `,
  ]

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('pair') || !this.pair) return
    const before = changed.get('pair')
    const shape = (pair: Pair) => String(pair.members[0]?.tensor.shape)
    if (before && shape(before) !== shape(this.pair)) this.look = { ...this.look, held: [], cell: null, picked: null }
    this.attention = this.attentionOf(this.pair)
    for (const { tensor } of this.pair.members)
      if (tensor.data === null && !isNowhere(tensor) && !this.asked.has(tensor)) void this.fetch(tensor)
  }

  override render() {
    if (!this.pair) return nothing
    const title = this.names()
    const [first] = this.pair.members
    return html`<section class="card" aria-label=${`Numbers: ${this.pair.members.map(({ name }) => name).join(' and ')}`}>
      <div class="title"><div class="names">${title}</div>
        <button class="enlarge" aria-haspopup="dialog" @click=${this.enlarge}>Enlarge</button>
        <div class="shape">${first ? describeShape(first.tensor) : nothing}</div></div>
      ${this.enlarged ? nothing : this.tensors(false)}
    </section>
    <dialog aria-labelledby="title" @close=${this.reduce}>${
      this.enlarged
        ? html`<header role="none"><h2 id="title">${this.owner}: <span class="names">${title}</span><small>${first ? describeShape(first.tensor) : nothing}</small></h2>
          <form method="dialog"><button class="button">Close</button></form></header>${this.tensors(true)}`
        : nothing
    }</dialog>`
  }

  private attentionOf({ key, members: [first] }: Pair): Attention | null {
    if (this.graph === null || first?.kind !== 'value') return null
    return attentionOf(this.graph, this.node, key, first.tensor, this.source)
  }

  private names() {
    return this.pair?.members.map(({ name, kind }) => html`<span class=${kind}>${name}</span>`)
  }

  private tensors(large: boolean) {
    return html`<gw-tensor .members=${this.pair?.members ?? []} .found=${this.found} .problem=${this.problem}
      .axes=${this.axes} .attention=${this.attention} .look=${this.look} .theme=${this.theme} ?large=${large}
      ?picks=${this.explains && this.pair?.output !== null} @look=${this.change}></gw-tensor>`
  }

  private change = (event: CustomEvent<Partial<Look>>): void => {
    const { picked, held } = event.detail
    // a slice has cells of its own
    this.look = { ...this.look, ...(held ? { picked: null } : {}), ...event.detail }
    const { output, members } = this.pair ?? {}
    const shape = members?.[0]?.tensor.shape
    if (picked && shape && typeof output === 'number')
      send(this, 'gw-element', { output, index: indexAt(shape, this.look.held, picked) })
  }

  private enlarge = async (): Promise<void> => {
    this.enlarged = true
    await this.updateComplete
    this.dialog?.showModal()
  }

  private reduce = (): void => {
    this.enlarged = false
    this.look = { ...this.look, cell: null }
  }

  /** Once for each tensor, but again when the server could not be reached and the reader comes back. */
  private async fetch(tensor: Tensor): Promise<void> {
    this.asked.add(tensor)
    try {
      if (!this.load) throw new Error('Its numbers are too many to stand here; the server that recorded them has them.')
      const whole = await this.load(tensor.id)
      this.found = new Map([...this.found, [tensor, whole]])
    } catch (error) {
      if (!isBeyond(error)) this.asked.delete(tensor)
      this.problems = new Map([...this.problems, [tensor, whyNot(error, tensor)]])
    }
  }

  private get problem(): string {
    const problems = this.pair?.members.map((one) => this.problems.get(one.tensor) ?? whyNowhere(one.tensor)) ?? []
    return problems.find((one) => one !== undefined) ?? ''
  }
}

/** Return the reason why a tensor's numbers are missing: it exceeds the stored limit, or the server cannot be reached. */
function whyNot(error: unknown, tensor: Tensor): string {
  return isBeyond(error) ? whyBeyond(tensor) : error instanceof Error ? error.message : String(error)
}

/** Return whether the server has kept no numbers of the tensor. */
function isBeyond(error: unknown): boolean {
  return error instanceof Refused && error.problem.code === 'tensor_not_found'
}
