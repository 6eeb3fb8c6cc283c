/** The program: an editor whose lines light up with the steps. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { send } from '../shell/events'
import { controls } from '../shell/styles'
import type { Editor } from './codemirror'
import type { Marks } from './marks'

@customElement('gw-editor')
export class EditorPanel extends LitElement {
  /** The text to show; what the reader types comes back as gw-edit. */
  @property() source = ''
  @property({ attribute: false, hasChanged: differ }) marks: Marks = { lit: null, error: null, selected: null }
  /** Whether the text is another than the program that was run: then no line of that run can be lit. */
  @property({ type: Boolean }) edited = false
  @state() private editor: Editor | null = null
  @query('.host') private host!: HTMLElement

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      .host {
        flex: 1;
        min-height: 0;
        overflow: hidden;
      }

      pre {
        margin: 0;
        padding: 9px 0 0 43px;
        overflow: hidden;
        font: 12px / 20.2px var(--mono);
      }

      .edited {
        display: flex;
        gap: 8px;
        padding: 5px 12px;
        border-top: 1px solid var(--line);
        background: var(--update-tint);
        font-size: 12.5px;
      }

      .edited span {
        flex: 1;
      }
    `,
  ]

  override render() {
    return html`
      <div class="host">${this.editor ? nothing : html`<pre>${this.source}</pre>`}</div>
      ${this.edited ? this.editedNote() : nothing}
    `
  }

  protected override firstUpdated(): void {
    void this.load()
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.editor) return
    if (changed.has('source')) this.editor.setSource(this.source)
    this.mark()
  }

  /** Brings a line, from 1, into view. */
  show(line: number): void {
    this.editor?.show(line)
  }

  private async load(): Promise<void> {
    const { createEditor } = await import('./codemirror')
    const root = this.shadowRoot
    if (!root || !this.isConnected) return
    this.host.replaceChildren()
    this.editor = createEditor(this.host, root, this.source, {
      onEdit: (source) => send(this, 'gw-edit', { source }),
      onRun: () => send(this, 'gw-action', { action: 'run' }),
      onLine: (line) => send(this, 'gw-line', { line }),
    })
  }

  private mark(): void {
    const { lit, error, selected } = this.marks
    this.editor?.setMarks(this.edited ? { lit: null, error: null, selected: null } : { lit, error, selected })
    const line = lit?.line ?? error?.line
    if (!this.edited && line !== undefined) this.editor?.show(line)
  }

  private editedNote() {
    return html`<div class="edited"><span>Edited. <kbd>Ctrl</kbd> <kbd>↵</kbd> runs it.</span>
      <button class="link" @click=${() => send(this, 'gw-reset', {})}>Undo all edits</button></div>`
  }
}

/** Whether two sets of marks mark other lines: the editor must not be touched at the pace of an animation. */
function differ(a: Marks, b: Marks | undefined): boolean {
  return JSON.stringify(a) !== JSON.stringify(b)
}
