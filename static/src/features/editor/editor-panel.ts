/** The program: an editor whose lines light up with the steps. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { DraftNote } from '../../page/state'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import type { Timeline } from '../../walk/model'
import type { Editor } from './codemirror'
import type { Marks } from './line-marks'
import type { LineShapes } from './line-shapes'
import './editor-bar'

type Tools = typeof import('./codemirror')

const NO_HINTS: ReadonlyMap<number, string> = new Map()

@customElement('gw-editor')
export class EditorPanel extends LitElement {
  /** The text to show; what the reader types comes back as gw-edit. */
  @property() source = ''
  /** Which program the text is of: another one has no history of edits here. */
  @property() program = ''
  /** The program that was run. */
  @property() ran = ''
  @property({ attribute: false }) timeline: Timeline | null = null
  /** The current step, from 0. */
  @property({ type: Number }) step = 0
  @property({ attribute: false, hasChanged: differ }) marks: Marks = {
    lit: null,
    error: null,
    selected: null,
    findings: [],
  }
  /** Lines of the program that was run, from 1, at which playing stops. */
  @property({ attribute: false, hasChanged: differ }) breaks: readonly number[] = []
  /** True if the text differs from the program that was run. */
  @property({ type: Boolean }) edited = false
  @property({ type: Boolean }) shapes = false
  @property({ type: Boolean }) live = false
  @property({ attribute: false }) draft: DraftNote | null = null
  @state() private editor: Editor | null = null
  /** True if the editor could not be loaded. */
  @state() private missing = false
  @query('.host') private host!: HTMLElement
  private tools: Tools | null = null
  private lineShapes: LineShapes | null = null

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      .plain {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        min-height: 0;
        padding: 8px 12px;
      }

      .plain p {
        margin: 0 0 8px;
        font-size: 13px;
      }

      .plain textarea {
        border: 1px solid var(--line-strong);
        background: var(--stage);
        font: 13.5px/1.5 var(--mono);
        resize: none;
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
    `,
  ]

  override render() {
    return html`
      ${this.missing ? this.plain() : html`<div class="host">${this.editor ? nothing : html`<pre>${this.source}</pre>`}</div>`}
      <gw-editor-bar .shapes=${this.shapes} .live=${this.live} .edited=${this.edited} .draft=${this.draft}
        .trouble=${this.trouble()}></gw-editor-bar>
    `
  }

  protected override firstUpdated(): void {
    void this.load()
  }

  protected override updated(changes: PropertyValues<this>): void {
    if (!this.editor) return
    const changed = changes as ReadonlyMap<string, unknown>
    const any = (...names: string[]) => changed.has('editor') || names.some((name) => changed.has(name))
    if (changed.has('source')) this.setSource(changed.has('program'))
    if (any('ran', 'timeline', 'step', 'source'))
      this.editor.setWalked({ source: this.ran, timeline: this.timeline, step: this.step })
    if (any('timeline')) this.lineShapes = null
    if (any('timeline', 'step', 'shapes', 'source')) this.hint()
    if (any('breaks', 'source', 'program')) this.editor.setBreaks(this.breaks)
    if (any('marks', 'edited', 'source', 'ran')) this.mark()
  }

  /** A plain text area: the program can be written even when the network fails before the editor is loaded. */
  private plain() {
    const edit = (e: Event) => send(this, 'gw-edit', { source: (e.target as HTMLTextAreaElement).value })
    return html`<div class="plain"><p role="status">The editor could not be loaded: the server cannot be reached. The program can be
        written and run here all the same. <button class="link" @click=${this.retry}>Try again</button></p>
      <textarea aria-label="Program" spellcheck="false" .value=${this.source} @input=${edit}></textarea></div>`
  }

  private retry = async () => {
    this.missing = false
    await this.updateComplete
    await this.load()
  }

  /** Brings a line of the program that was run, from 1, into view. */
  show(line: number): void {
    this.editor?.show(line)
  }

  /** True while the reader chooses from a list of names. */
  get choosing(): boolean {
    return this.editor?.choosing ?? false
  }

  private async load(): Promise<void> {
    try {
      this.tools = await import('./codemirror')
    } catch {
      this.missing = true
      return
    }
    const root = this.shadowRoot
    if (!root || !this.isConnected) return
    this.host.replaceChildren()
    this.editor = this.tools.createEditor(this.host, root, this.source, {
      onEdit: (source) => send(this, 'gw-edit', { source }),
      onRun: () => send(this, 'gw-action', { action: 'run' }),
      onBreak: (line) => send(this, 'gw-break', { line }),
      onLine: (line) => send(this, 'gw-line', { line }),
    })
  }

  private setSource(another: boolean): void {
    if (another) this.editor?.open(this.source)
    else this.editor?.setSource(this.source)
  }

  private hint(): void {
    this.editor?.setHints(this.shapes ? this.shapesNow() : NO_HINTS)
  }

  private shapesNow(): ReadonlyMap<number, string> {
    if (!this.tools || !this.timeline) return NO_HINTS
    this.lineShapes ??= this.tools.lineShapes(this.timeline)
    return this.tools.shapesAt(this.lineShapes, this.step)
  }

  private mark(): void {
    this.editor?.setMarks(this.marks)
    const line = this.marks.lit?.line ?? this.marks.error?.line
    // a reader who is writing is where they write
    if (!this.edited && line !== undefined) this.editor?.show(line)
  }

  /** Return the reason why the text is not run on change, or its failure. */
  private trouble(): string {
    if (!this.live || !this.edited || !this.tools) return ''
    const gap = this.tools.gapOf(this.source)
    if (gap !== null) return `Line ${gap} is not finished.`
    const { error } = this.marks
    return error ? `Line ${error.line} fails: the picture stays.` : ''
  }
}

/** Return whether two sets of marks differ: the editor must not be updated with every frame of an animation. */
function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b)
}
