/** The look of zeros and of numbers that are not finite, and of the legend that explains them. */

import { css } from 'lit'

export const anomalyStyles = css`
  .cell.nan {
    fill: var(--odd);
  }
  .cell.plus,
  .cell.minus {
    fill: var(--ink);
  }
  .glyph {
    fill: none;
    stroke-width: 1.2;
    pointer-events: none;
  }
  .glyph.zero {
    stroke: var(--muted);
  }
  .glyph.nan {
    stroke: var(--card);
    stroke-width: 2;
  }
  .glyph.plus,
  .glyph.minus {
    fill: var(--card);
    stroke: none;
  }
  .in-cell.odd {
    fill: var(--card);
    font-weight: 700;
  }
  .number.odd {
    fill: var(--odd);
  }
  .number.without {
    fill: var(--muted);
    font-size: 16.5px;
    font-style: italic;
    font-weight: 600;
  }
  .odd-frame {
    fill: none;
    stroke: var(--odd);
    stroke-width: 2;
    stroke-dasharray: 4 2.5;
  }
  .odd-frame.zero {
    stroke: var(--gradient-fill);
    stroke-width: 1.5;
    stroke-dasharray: none;
  }
  .edge.dry {
    stroke: var(--muted);
    stroke-width: 2;
    stroke-dasharray: 2 7;
    opacity: 1;
  }
  .edge.spoiled {
    stroke: var(--odd);
    stroke-width: 3;
    stroke-dasharray: 9 3 2 3;
    stroke-linecap: butt;
    opacity: 1;
  }
  .travel.dry rect {
    fill: var(--card);
    stroke: var(--gradient-fill);
    stroke-width: 2;
  }
  .travel.dry text {
    fill: var(--gradient);
  }
  .travel.spoiled rect {
    fill: var(--odd);
    stroke: var(--card);
    stroke-width: 2;
    stroke-dasharray: 4 2.5;
  }
  .remark.origin rect {
    fill: var(--odd);
    stroke: var(--odd);
    opacity: 1;
  }
  .remark.origin text {
    fill: var(--card);
    font-weight: 650;
  }
  .legend {
    flex-wrap: wrap;
    row-gap: 4px;
    max-width: calc(100% - 24px);
  }
  .legend:has(~ gw-minimap) {
    max-width: calc(100% - 216px);
  }
  .legend.tight {
    column-gap: 12px;
  }
  .legend .mark {
    white-space: nowrap;
  }
  .legend svg {
    display: inline-block;
    width: 14px;
    height: 14px;
    margin-right: 4px;
    vertical-align: -2.5px;
  }
  .legend svg.way {
    width: 28px;
  }
  .legend .scale svg {
    width: 52px;
    height: 12px;
    margin: 0 6px;
    vertical-align: -1.5px;
    outline: 1px solid var(--line-strong);
    shape-rendering: crispEdges;
    forced-color-adjust: none;
  }
  .legend .back {
    fill: none;
    stroke: var(--line-strong);
  }
`
