/** Finding a node by its name, operation or line. */

import { html, LitElement } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Graph } from '../core/contract'
import { labelOf } from '../core/labels'
import { choices } from '../ui/choice-list-styles'
import { dialogs } from '../ui/dialog-styles'
import { send } from '../ui/events'
import { controls } from '../ui/styles'
import { findNodes } from './node-matches'

@customElement('gw-search')
export class NodeSearch extends LitElement {
  @property({ attribute: false }) graph: Graph | null = null
  @state() private text = ''
  @state() private at = 0
  /** While it is closed nothing is searched: a program may have ten thousand nodes. */
  @state() private shown = false
  @query('dialog') private dialog!: HTMLDialogElement
  @query('input') private field!: HTMLInputElement

  static override styles = [controls, dialogs, choices]

  override render() {
    const found = this.found()
    return html`<dialog aria-label="Search a node" @click=${this.closeOutside} @close=${this.onClose}>
      <input role="combobox" aria-label="Search a node by name, operation or line" aria-expanded="true" aria-controls="found"
        aria-activedescendant=${found[this.at] ? `found-${this.at}` : ''} placeholder="w, sigmoid, line 12 …" autocomplete="off"
        .value=${this.text} @input=${this.onInput} @keydown=${this.onKey}>
      ${found.length === 0 ? html`<p>Nothing is called that.</p>` : this.list(found)}
    </dialog>`
  }

  show(): void {
    this.text = ''
    this.at = 0
    this.shown = true
    if (!this.dialog.open) this.dialog.showModal()
    this.field.focus()
  }

  private list(found: ReturnType<typeof findNodes>) {
    return html`<ul id="found" role="listbox" aria-label="Nodes">${found.map(
      (node, index) => html`<li id="found-${index}" role="option" aria-selected=${index === this.at}
        @click=${() => this.choose(index)}><b>${this.graph ? labelOf(this.graph, node.id) : node.id}</b>
        <small>${node.op ?? node.kind}${node.line === null ? '' : ` · line ${node.line}`}</small></li>`,
    )}</ul>`
  }

  private found() {
    return this.graph && this.shown ? findNodes(this.graph, this.text) : []
  }

  private onInput = () => {
    this.text = this.field.value
    this.at = 0
  }

  private onKey = (event: KeyboardEvent) => {
    const count = this.found().length
    if (event.key === 'Enter') this.choose(this.at)
    if (event.key === 'ArrowDown') this.at = Math.min(count - 1, this.at + 1)
    if (event.key === 'ArrowUp') this.at = Math.max(0, this.at - 1)
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    void this.updateComplete.then(() => this.selectedItem()?.scrollIntoView({ block: 'nearest' }))
  }

  private selectedItem() {
    return this.shadowRoot?.querySelector('[aria-selected="true"]')
  }

  private choose(index: number): void {
    const node = this.found()[index]
    if (!node) return
    this.dialog.close()
    send(this, 'gw-select', { node: node.id })
  }

  private onClose = () => {
    this.shown = false
  }

  private closeOutside = (event: MouseEvent) => {
    if (event.target === this.dialog) this.dialog.close()
  }
}
