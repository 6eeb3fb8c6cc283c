/**
 * A formula as MathML. It breaks between its terms, and inside of one that is wider than its place. What still is becomes a little
 * smaller, or can be moved sideways.
 */

import { css, html, LitElement, type PropertyValues, unsafeCSS } from 'lit'
import { customElement, property, queryAll, state } from 'lit/decorators.js'
import temml from 'temml/dist/Temml-Local.css?inline'
import { partsOf, piecesOf } from './latex'
import { draw } from './mathml'

/** The smallest scale of a formula. */
const SMALLEST = 0.85
/** The smallest scale of a whole line, which may break. */
const SMALLEST_LINE = 0.86

const NONE: ReadonlySet<number> = new Set()

@customElement('gw-math')
export class Maths extends LitElement {
  /** The formula in LaTeX. */
  @property() tex = ''
  /** The pieces that are wider than their place, by number: they break inside. */
  @state() private broken: ReadonlySet<number> = NONE
  @queryAll('.piece') private pieces!: NodeListOf<HTMLElement>
  private readonly watcher = new ResizeObserver(() => this.fit())

  /** Temml's own sheet draws what Chromium does not draw by itself, such as the strokes through sizes that cancel. */
  static override styles = [
    unsafeCSS(temml),
    css`
      :host {
        display: block;
        overflow: auto hidden;
        line-height: 1.2;
        scrollbar-width: thin;
      }

      .broken {
        display: inline-block;
        max-width: 100%;
      }

      .piece {
        display: inline-block;
        margin: 1px 0;
        white-space: nowrap;
      }

      math {
        font-family: 'Latin Modern Math', 'STIX Two Math', 'Cambria Math', 'DejaVu Math TeX Gyre', math;
      }

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
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    this.watcher.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.watcher.disconnect()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('tex')) this.broken = NONE
  }

  override render() {
    return piecesOf(this.tex).map((piece, i) =>
      this.broken.has(i)
        ? html`<span class="broken">${partsOf(piece).map((part) => html`<span class="piece">${drawn(part)}</span>`)}</span>`
        : html`<span class="piece" data-piece=${i}>${drawn(piece)}</span>`,
    )
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
    const wide = pieces.filter((_, i) => (widths[i] ?? 0) > room / SMALLEST).map(({ dataset }) => Number(dataset.piece))
    const formulas = piecesOf(this.tex)
    const breaking = wide.filter((i) => partsOf(formulas[i] ?? '').length > 1)
    if (breaking.length > 0) {
      this.broken = new Set([...this.broken, ...breaking])
      return
    }
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
