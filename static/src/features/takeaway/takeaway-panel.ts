/** Pictures, files, the code of a frame and a QR code of a step: everything in the dialog except the link itself. */

import { css, html, LitElement, nothing, svg } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { qrOf } from '../../core/qr-code'
import type { Theme } from '../../core/theme'
import { controls } from '../../ui/styles'
import { copy, pngOf, save, saveFrom } from './copy-and-save'
import { embedCode, exportAddress, type FileKind, outOfReach, printAddress, type Takeaway } from './takeaway'

const FILES: readonly [FileKind, string, string][] = [
  [
    'html',
    'HTML player',
    'The whole walk in one file: it opens on any machine, without this server and without a network',
  ],
  ['json', 'JSON', 'The whole snapshot as data'],
  ['svg', 'Drawing (SVG)', 'The whole graph with every value and gradient of this iteration'],
  ['dot', 'Graphviz (DOT)', 'The graph for Graphviz'],
  ['mermaid', 'Mermaid', 'The graph for Markdown'],
]

@customElement('gw-takeaway')
export class TakeawayPanel extends LitElement {
  @property({ attribute: false }) takeaway!: Takeaway
  @state() private theme: Theme = 'light'
  @state() private large = false
  @state() private said = ''
  @state() private problem = false
  @query('textarea') private code!: HTMLTextAreaElement

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 300px;
        gap: 8px 26px;
        margin-top: 12px;
      }

      h3 {
        margin: 12px 0 6px;
        font-size: 14.5px;
      }

      h3:first-child {
        margin-top: 0;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }

      a.button {
        text-decoration: none;
      }

      select {
        height: 33px;
        padding: 0 6px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--card);
      }

      textarea {
        flex: 1;
        min-width: 200px;
        height: 80px;
        padding: 6px 10px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--stage);
        color: var(--ink);
        font: 12.5px/1.4 var(--mono);
        resize: none;
      }

      .said {
        min-height: 1.5em;
        margin: 8px 0 0;
        color: var(--muted);
      }

      .said.problem {
        color: var(--error);
      }

      /* black on white in every theme: that is what cameras look for */
      .code {
        display: block;
        width: 100%;
        padding: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: #fff;
        cursor: zoom-in;
        overflow: hidden;
      }

      .code svg {
        display: block;
        width: 100%;
        shape-rendering: crispEdges;
      }

      .warning {
        margin: 0 0 8px;
        font-size: 13.5px;
      }

      .warning b {
        color: var(--error);
      }

      :focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }

      :host([large]) {
        grid-template-columns: minmax(0, 1fr);
      }

      :host([large]) .rest {
        display: none;
      }

      :host([large]) .code {
        width: min(100%, calc(100vh - 240px));
        margin: 0 auto;
        cursor: zoom-out;
      }

      @media (max-width: 760px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }

        .code {
          max-width: 320px;
        }
      }
    `,
  ]

  override render() {
    this.toggleAttribute('large', this.large)
    return html`<div class="rest">${this.takeaway.snapshot === null ? nothing : this.rest()}</div>
      <div>${this.qr()}</div>`
  }

  private rest() {
    const { takeaway } = this
    return html`
      <h3 id="picture">This step as a picture</h3>
      <div class="row">
        <select aria-label="Theme of the picture" @change=${this.choose}>
          <option value="light">Light</option><option value="dark">Dark</option>
        </select>
        <button class="button" @click=${() => this.attempt(() => this.savePicture('svg'))}>SVG</button>
        <button class="button" @click=${() => this.attempt(() => this.savePicture('png'))}>PNG</button>
      </div>
      <h3>The whole walk</h3>
      <div class="row">
        ${FILES.map(
          ([kind, name, title]) => html`<button class="button" title=${title}
            @click=${() => this.attempt(() => saveFrom(exportAddress(takeaway, kind)))}>${name}</button>`,
        )}
        <a class="button" target="_blank" rel="noopener" title="Program, graph, every step and every parameter, on paper"
          href=${printAddress(takeaway)}>Print …</a>

      </div>
      <h3>A frame in another page</h3>
      <div class="row">
        <textarea readonly aria-label="Code of the frame" .value=${embedCode(takeaway)} @focus=${() => this.code.select()}></textarea>
        <button class="button" @click=${this.copyCode}>Copy code</button>
      </div>
      <p class="said ${this.problem ? 'problem' : ''}" role="status">${this.said}</p>`
  }

  private qr() {
    const { size, path } = qrOf(this.takeaway.link)
    const warning = outOfReach(this.takeaway.link)
    return html`${warning === null ? nothing : html`<p class="warning"><b>Only on this machine.</b> ${warning}</p>`}
      <button class="code" aria-pressed=${this.large} title=${this.large ? 'Smaller' : 'Large, for the last row'}
        aria-label="QR code of the link to this step${this.large ? '' : ', show it large'}" @click=${this.enlarge}>
        <svg viewBox="0 0 ${size} ${size}" aria-hidden="true">
          ${svg`<rect width=${size} height=${size} fill="#fff" /><path d=${path} fill="#000" />`}
        </svg></button>`
  }

  private enlarge = () => {
    this.large = !this.large
  }

  private choose = (event: Event) => {
    this.theme = (event.target as HTMLSelectElement).value === 'dark' ? 'dark' : 'light'
  }

  private copyCode = () =>
    this.attempt(async () => {
      this.said = (await copy(this.code.value, this.code)) ? 'Copied.' : 'Copy the selected text with Ctrl + C.'
    })

  private async savePicture(kind: 'svg' | 'png'): Promise<void> {
    const picture = await this.takeaway.picture(this.theme)
    if (picture === null) throw new Error('Nothing is drawn: there is no picture to take.')
    const content = kind === 'svg' ? new Blob([picture], { type: 'image/svg+xml' }) : await pngOf(picture)
    save(content, `${this.takeaway.name}.${kind}`)
  }

  /** Run `work`, and show its error in the dialog. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    this.said = ''
    this.problem = false
    try {
      await work()
      this.said ||= 'Saved.'
    } catch (error) {
      this.problem = true
      this.said = error instanceof Error ? error.message : String(error)
    }
  }
}
