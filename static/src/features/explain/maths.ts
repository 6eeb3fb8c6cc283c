/** A formula as MathML. It breaks between its parts, and becomes smaller only where a single part is wider than its place. */

import { css, html, LitElement } from 'lit'
import { customElement, property, queryAll } from 'lit/decorators.js'
import { piecesOf } from './latex'
import { draw } from './mathml'

/** The smallest scale of a formula. */
const SMALLEST = 0.55
/** The smallest scale of a whole line, which may break. */
const SMALLEST_LINE = 0.84

@customElement('gw-math')
export class Maths extends LitElement {
  /** The formula in LaTeX. */
  @property() tex = ''
  @queryAll('.piece') private pieces!: NodeListOf<HTMLElement>
  private readonly watcher = new ResizeObserver(() => this.fit())

  static override styles = css`
    :host {
      display: block;
      line-height: 1.2;
    }

    .piece {
      display: inline-block;
      margin: 1px 0;
      white-space: nowrap;
    }

    math {
      font-family: 'Latin Modern Math', 'STIX Two Math', 'Cambria Math', 'DejaVu Math TeX Gyre', math;
    }

    /* Temml's own sheet gives numerators and denominators their size; Chromium draws the rest well by itself. */
    mfrac {
      padding-inline: 0.12em;
    }

    .value {
      color: var(--value);
    }

    .grad {
      color: var(--gradient);
    }

    .tml-left {
      text-align: left;
    }

    code {
      font: 12px var(--mono);
      overflow-wrap: anywhere;
      white-space: normal;
    }
  `

  override connectedCallback(): void {
    super.connectedCallback()
    this.watcher.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.watcher.disconnect()
  }

  override render() {
    return piecesOf(this.tex).map((piece) => html`<span class="piece">${drawn(piece)}</span>`)
  }

  protected override updated(): void {
    this.fit()
  }

  /** By CSSOM, as the CSP allows. */
  private fit(): void {
    const room = this.clientWidth
    if (room === 0) return
    const pieces = [...this.pieces]
    for (const piece of pieces) piece.style.fontSize = ''
    const widths = pieces.map((piece) => piece.getBoundingClientRect().width)
    const line = widths.reduce((sum, width) => sum + width, 0)
    // a line that is only a little too long stays one
    const all = line > room && room / line >= SMALLEST_LINE ? (0.99 * room) / line : 1
    pieces.forEach((piece, i) => {
      const share = Math.min(all, Math.max(SMALLEST, room / (widths[i] ?? room)))
      if (share < 1) piece.style.fontSize = `${share}em`
    })
  }
}

/** A part of a formula; what cannot be drawn stands there as it is written. */
function drawn(latex: string): HTMLElement {
  const place = document.createElement('span')
  try {
    draw(latex, place)
  } catch {
    const written = document.createElement('code')
    written.textContent = latex
    place.replaceChildren(written)
  }
  return place
}
