/** Styles of an explanation: a page of a textbook, one stage below the other. */

import { css } from 'lit'

export const page = css`
  /* Its cards lie among the inspector's other ones. */
  :host {
    display: contents;
  }

  section.card {
    position: relative;
    container-type: inline-size;
    padding: 8px 12px 9px;
  }

  /* The check's button stands beside it. */
  .card.gradient h3 {
    padding-right: 92px;
  }

  .card.measurable h3 {
    min-height: 30px;
    padding-right: 122px;
  }

  .measure {
    position: absolute;
    top: 7px;
    right: 7px;
    height: 30px;
    padding: 0 9px;
    font-size: 13px;
  }

  h3 {
    overflow-wrap: anywhere;
  }

  .card h3 {
    margin-bottom: 3px;
    font-size: 12px;
    letter-spacing: 0.03em;
    text-transform: none;
  }

  ol {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 5px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .stage {
    display: block;
    color: var(--muted);
    font-size: 12px;
  }

  gw-math + gw-math {
    margin-top: 3px;
  }

  gw-math {
    color: var(--ink);
    font-size: clamp(18.5px, 5.6cqi, 30px);
  }

  .result gw-math {
    font-size: clamp(19.5px, 6cqi, 34px);
  }

  .words,
  .agreement,
  .warning,
  .note {
    margin: 3px 0 0;
    font-size: 13px;
    line-height: 1.4;
  }

  .words {
    color: var(--muted);
  }

  .agreement.good {
    color: var(--good);
  }

  .agreement.bad,
  .note {
    color: var(--error);
  }

  .note.plain {
    color: var(--muted);
  }

  .warning {
    margin-top: 6px;
    padding: 7px 10px;
    border: 1px solid var(--line-strong);
    border-left: 5px solid var(--warning);
    border-radius: 8px;
  }

  .measured:not(:empty) {
    margin-bottom: 8px;
  }

  .warning svg {
    width: 16px;
    height: 16px;
    margin-right: 6px;
    fill: var(--warning);
    vertical-align: -3px;
  }

  .warning .sign {
    fill: var(--card);
  }

  .from {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
    margin: 7px 0 0;
    font-size: 13px;
  }

  .node {
    min-height: 24px;
    padding: 1px 8px;
    border: 1px solid var(--line-strong);
    border-radius: 6px;
    background: var(--card);
    overflow-wrap: anywhere;
    cursor: pointer;
  }

  .node:hover {
    background: var(--hover);
  }

  table {
    width: 100%;
    margin-top: 6px;
    border-collapse: collapse;
    font-size: 13px;
  }

  table gw-math {
    font-size: 15px;
  }

  th,
  td {
    padding: 3px 0 3px 8px;
    border-top: 1px solid var(--line);
    font-weight: 400;
    text-align: right;
    vertical-align: middle;
  }

  th {
    padding-left: 0;
    text-align: left;
  }

  td {
    font-family: var(--mono);
    font-size: 12.5px;
    white-space: nowrap;
  }

  details {
    margin-top: 7px;
    color: var(--muted);
    font-size: 12.5px;
  }

  summary {
    width: fit-content;
    min-height: 24px;
    cursor: pointer;
  }

  details p {
    margin: 0;
    overflow-wrap: anywhere;
  }

  .element {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    align-items: center;
    margin: 0 0 8px;
    padding: 0;
    border: 0;
    font-size: 13px;
  }

  .card.gradient .element {
    margin-top: 14px;
  }

  .element input {
    width: 46px;
    height: 26px;
    padding: 0 2px 0 4px;
    border: 1px solid var(--line-strong);
    border-radius: 6px;
    background: var(--card);
    font: 13px var(--mono);
  }
`
