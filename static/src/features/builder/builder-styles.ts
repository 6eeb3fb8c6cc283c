/** Styles of the builder: the choices on the left, the resulting program on the right. */

import { css } from 'lit'

export const building = css`
  dialog {
    width: min(1180px, calc(100vw - 32px));
    max-width: none;
    height: calc(100vh - 40px);
    max-height: none;
    padding: 0;
    overflow: hidden;
  }

  dialog[open] {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
  }

  dialog header {
    margin: 0;
    padding: 12px 20px;
    border-bottom: 1px solid var(--line);
  }

  .halves {
    display: grid;
    grid-template-columns: minmax(0, 1.05fr) minmax(0, 1fr);
    min-height: 0;
  }

  .choices,
  pre {
    margin: 0;
    overflow: auto;
    padding: 12px 20px 16px;
  }

  pre {
    border-left: 1px solid var(--line);
    background: var(--stage);
    color: var(--code-name);
    font: 13px/1.55 var(--mono);
    tab-size: 4;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  pre.old {
    color: var(--muted);
  }

  pre:focus-visible {
    outline-offset: -2px;
  }

  fieldset {
    min-width: 0;
    margin: 0 0 12px;
    padding: 0;
    border: 0;
  }

  legend {
    margin-bottom: 4px;
    padding: 0;
    font-size: 15px;
    font-weight: 650;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
  }

  .field {
    display: inline-flex;
    gap: 7px;
    align-items: center;
    font-size: 14px;
  }

  .field {
    max-width: 100%;
  }

  .field span {
    color: var(--muted);
  }

  .field select {
    flex: 0 1 auto;
    min-width: 0;
  }

  input:not([type='checkbox']),
  select {
    height: 32px;
    max-width: 100%;
    padding: 0 8px;
    border: 1px solid var(--muted);
    border-radius: var(--radius);
    background: var(--stage);
    font-size: 14px;
  }

  input[type='number'] {
    width: 5.2em;
  }

  input[type='number']:placeholder-shown {
    width: 8.6em;
  }

  input::placeholder {
    color: var(--muted);
    opacity: 1;
  }

  input.long {
    width: 17em;
  }

  input[type='checkbox'] {
    width: 17px;
    height: 17px;
    accent-color: var(--value-fill);
  }

  .field [aria-invalid='true'] {
    border: 2px solid var(--error);
  }

  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li .row {
    padding: 6px 8px 6px 10px;
    border: 1px solid var(--line-strong);
    border-radius: 10px;
    background: var(--panel);
  }

  li.wrong .row {
    border: 2px solid var(--error);
    padding: 5px 7px 5px 9px;
  }

  .tools {
    display: inline-flex;
    gap: 4px;
    margin-left: auto;
  }

  .square {
    justify-content: center;
    width: 32px;
    height: 32px;
    padding: 0;
  }

  .shape {
    margin: 0;
    padding: 1px 0 1px 14px;
    color: var(--value);
    font-size: 13.5px;
    font-weight: 600;
  }

  .fault {
    flex-basis: 100%;
    margin: 4px 0;
    padding: 4px 10px;
    border-left: 4px solid var(--error);
    background: var(--error-tint);
    color: var(--ink);
    font-size: 14px;
    overflow-wrap: anywhere;
  }

  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 10px;
    align-items: center;
    padding: 10px 20px;
    border-top: 1px solid var(--line);
  }

  footer p {
    flex: 1;
    min-width: 12em;
    margin: 0;
    color: var(--muted);
  }

  footer p.stands {
    color: var(--error);
    font-weight: 600;
  }

  .add {
    margin-top: 8px;
  }

  @media (pointer: coarse) {
    input:not([type='checkbox']),
    select,
    .square {
      height: 44px;
    }

    .square {
      width: 44px;
    }
  }

  @media (max-width: 760px), (max-height: 480px) {
    dialog[open] {
      display: block;
      overflow: auto;
    }

    .halves {
      grid-template-columns: minmax(0, 1fr);
    }

    pre {
      border-top: 1px solid var(--line);
      border-left: 0;
    }
  }
`
