/** Styles of the card with a leaf's numbers. */

import { css } from 'lit'

export const cardStyles = css`
  :host {
    display: block;
  }

  p {
    margin: 0 0 6px;
    color: var(--muted);
    font-size: 13px;
  }

  p:last-child {
    margin-bottom: 0;
  }

  /* room for the ring of the focus */
  .grid {
    overflow-x: auto;
    margin: 0 -3px;
    padding: 3px;
  }

  .row {
    display: flex;
    gap: 4px;
    margin-bottom: 4px;
  }

  .row gw-number {
    flex: 0 0 66px;
  }

  .one {
    display: flex;
    gap: 10px;
    align-items: center;
  }

  .one gw-number {
    flex: 0 0 104px;
  }

  .hint {
    color: var(--muted);
    font-size: 13px;
    line-height: 1.3;
  }

  .index {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    margin-bottom: 6px;
    font-size: 13px;
  }

  .index input {
    width: 58px;
    border: 1px solid var(--line-strong);
    border-radius: 5px;
    background: var(--card);
  }

  table {
    width: 100%;
    margin: 6px 0;
    table-layout: fixed;
    border-collapse: collapse;
    font-size: 13.5px;
  }

  th {
    white-space: nowrap;
  }

  .term {
    display: flex;
    flex-wrap: wrap;
    gap: 0 10px;
    justify-content: space-between;
    margin-left: -10px;
    overflow-wrap: anywhere;
  }

  td.reason {
    padding: 0 0 3px;
    color: var(--muted);
    font-size: 13px;
    text-align: left;
  }

  th,
  td {
    padding: 2px 0;
    border-bottom: 1px solid var(--line);
    font-weight: 400;
    text-align: left;
    vertical-align: top;
  }

  td {
    padding-left: 10px;
    font-size: 13.5px;
    font-variant-numeric: tabular-nums;
    text-align: right;
  }

  strong {
    font-weight: 700;
  }

  td small {
    display: block;
    color: var(--muted);
    font-size: 12.5px;
    line-height: 1.3;
  }
`
