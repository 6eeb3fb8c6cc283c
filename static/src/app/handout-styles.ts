/** Styles of a handout: black on white, also on the screen, and page breaks only between parts. */

import { css } from 'lit'

export const sheet = css`
  :host {
    display: block;
    max-width: 186mm;
    margin: 0 auto;
    padding: 12mm 8mm;
    background: #fff;
    color: #000;
    font: 10.5pt / 1.4 var(--sans);
  }

  .bar {
    display: flex;
    gap: 12px;
    align-items: center;
    margin-bottom: 8mm;
    padding-bottom: 4mm;
    border-bottom: 1px solid #bbb;
  }

  .bar p {
    flex: 1;
    margin: 0;
  }

  .bar button {
    padding: 7px 16px;
    border: 1px solid #000;
    border-radius: 8px;
    background: #000;
    color: #fff;
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }

  .bar button:focus-visible {
    outline: 2px solid #006da8;
    outline-offset: 2px;
  }

  .head {
    display: flex;
    gap: 8mm;
    align-items: flex-start;
  }

  .head > div {
    flex: 1;
    min-width: 0;
  }

  .head svg {
    flex: none;
    width: 28mm;
    shape-rendering: crispEdges;
  }

  h1 {
    margin: 0 0 2mm;
    font-size: 18pt;
    line-height: 1.2;
  }

  h2 {
    margin: 7mm 0 2mm;
    font-size: 12.5pt;
    break-after: avoid;
  }

  p {
    margin: 0 0 1.5mm;
  }

  .link {
    font: 8.5pt / 1.4 var(--mono);
    overflow-wrap: anywhere;
  }

  .error {
    padding: 2mm 3mm;
    border: 1.5px solid #000;
  }

  table {
    width: 100%;
    border-collapse: collapse;
  }

  thead {
    display: table-header-group;
  }

  tr {
    break-inside: avoid;
  }

  th,
  td {
    padding: 1.1mm 2mm 1.1mm 0;
    border-bottom: 0.5px solid #999;
    text-align: left;
    vertical-align: top;
    overflow-wrap: anywhere;
  }

  th {
    border-bottom: 1px solid #000;
    font-weight: 650;
    white-space: nowrap;
    overflow-wrap: normal;
  }

  .number {
    width: 1%;
    padding-right: 4mm;
    text-align: right;
    white-space: nowrap;
  }

  .phase {
    width: 1%;
    padding-right: 4mm;
    white-space: nowrap;
  }

  .program {
    font: 9.5pt / 1.45 var(--mono);
  }

  .program td {
    padding-top: 0;
    padding-bottom: 0;
    border: 0;
    white-space: pre-wrap;
  }

  .program .number {
    min-width: 3ch;
    color: #555;
    white-space: pre;
    overflow-wrap: normal;
  }

  .parameters td {
    font: 9pt / 1.45 var(--mono);
  }

  .parameters td:first-child {
    max-width: 55mm;
    font-weight: 650;
    overflow-wrap: break-word;
  }

  figure {
    margin: 0;
    break-inside: avoid;
  }

  figure img {
    display: block;
    max-width: 100%;
    max-height: 235mm;
    margin: 0 auto;
  }

  figcaption {
    margin-top: 2mm;
    color: #333;
    font-size: 9pt;
  }

  @media print {
    :host {
      max-width: none;
      padding: 0;
    }

    .bar {
      display: none;
    }
  }
`
