/** Styles of a number table: headers that stay in sight, values blue above, gradients vermilion below. */

import { css } from 'lit'

export const numberTable = css`
  :host {
    display: block;
    font: var(--font-size, 12px) / var(--line-height, 18px) var(--mono);
  }

  .scroll {
    overflow: auto;
    max-width: 100%;
    width: fit-content;
    max-height: 300px;
    border: 1px solid var(--line);
    border-radius: 6px;
  }

  :host([large]) .scroll {
    max-height: calc(100vh - 268px);
  }

  table {
    width: var(--width);
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
  }

  caption {
    position: absolute;
    overflow: hidden;
    width: 1px;
    height: 1px;
    clip-path: inset(50%);
  }

  .head {
    width: var(--head);
  }

  .column {
    width: var(--column);
  }

  .before-columns {
    width: var(--before-columns);
  }

  .after-columns {
    width: var(--after-columns);
  }

  .before-rows {
    height: var(--before-rows);
  }

  .after-rows {
    height: var(--after-rows);
  }

  th,
  td {
    padding: 3px 5px;
    text-align: right;
    white-space: nowrap;
  }

  :host([large]) th,
  :host([large]) td {
    padding: 4px 10px;
  }

  .filler {
    padding: 0 !important;
  }

  th,
  .corner {
    position: sticky;
    background: var(--room);
    color: var(--muted);
    font-weight: 400;
  }

  thead th,
  .corner {
    z-index: 1;
    top: 0;
  }

  tbody th,
  .corner {
    left: 0;
  }

  .corner {
    z-index: 2;
  }

  td span {
    display: block;
  }

  .several .value {
    color: var(--value);
  }

  .several .grad {
    color: var(--gradient);
  }

  .several tbody tr:not(:last-child) > * {
    box-shadow: inset 0 -1px var(--line);
  }

  .zero {
    color: var(--muted) !important;
  }

  .odd {
    border-radius: 3px;
    background: var(--error-tint);
    color: var(--error) !important;
    font-weight: 700;
  }

  :host([picks]) td[data-row] {
    cursor: pointer;
  }

  .picked {
    border-radius: 4px;
    outline: 2px solid var(--gradient);
    outline-offset: -2px;
  }

  .at {
    border-radius: 4px;
    background: var(--hover);
    outline: 2px solid var(--ink);
    outline-offset: -2px;
  }
`
