/** Styles of the text: a page to read, with the numbers in the stage's two colours. */

import { css } from 'lit'

export const reading = css`
  dialog {
    width: min(860px, calc(100vw - 32px));
    max-height: none;
    height: calc(100vh - 48px);
    padding: 0;
    overflow: hidden;
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
  }

  .top {
    padding: 16px 22px 12px;
    border-bottom: 1px solid var(--line);
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }

  .now {
    margin: 10px 0 0;
  }

  .text {
    flex: 1;
    min-height: 0;
    overflow: auto;
    padding: 6px 22px 20px;
  }

  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  /* the groups nest: a line on the left says where one ends */
  ol ol {
    padding-left: 12px;
    border-left: 2px solid var(--line);
  }

  [role='heading'] {
    margin: 10px 0 4px;
    font-size: 15px;
    font-weight: 650;
  }

  .fold {
    display: inline-flex;
    gap: 8px;
    align-items: baseline;
    min-height: 28px;
    padding: 3px 8px;
    margin-left: -8px;
    border: 0;
    border-radius: 6px;
    background: none;
    font-weight: 650;
    text-align: left;
    cursor: pointer;
    overflow-wrap: anywhere;
  }

  .fold:hover {
    background: var(--hover);
  }

  li.node {
    padding: 9px 10px 10px;
    margin: 0 -10px;
    border-bottom: 1px solid var(--line);
    overflow-wrap: anywhere;
  }

  ol ol > li.node {
    margin-left: -6px;
  }

  li.node[aria-current] {
    border-left: 4px solid var(--ink);
    border-bottom-color: transparent;
    border-radius: 6px;
    background: var(--room);
  }

  li.node:focus-visible {
    outline-offset: -2px;
  }

  li p {
    margin: 2px 0 0;
  }

  .what {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    align-items: baseline;
    margin: 0;
  }

  .what b {
    font-size: 15.5px;
    font-weight: 650;
  }

  .muted {
    color: var(--muted);
  }

  .value {
    color: var(--value);
  }

  .gradient {
    color: var(--gradient);
  }

  .update {
    color: var(--update);
  }

  .warning {
    color: var(--warning);
  }

  .error {
    color: var(--error);
  }

  .fails {
    color: var(--error);
    font-weight: 650;
  }

  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 8px;
    margin-top: 7px;
  }

  .ways .button {
    height: 28px;
    padding: 0 10px;
    font-size: 13px;
  }

  @media (pointer: coarse) {
    .ways .button,
    .fold {
      min-height: 44px;
    }

    .link {
      min-height: 24px;
    }
  }

  /* on a phone or at 200 % what stands on top would leave no room for the text: it scrolls with it */
  @media (max-height: 520px) {
    dialog[open] {
      display: block;
      overflow: auto;
    }

    .text {
      overflow: visible;
    }
  }

  @media (max-width: 480px) {
    dialog {
      width: calc(100vw - 12px);
      max-width: none;
      height: calc(100vh - 16px);
    }

    .top,
    .text {
      padding-inline: 14px;
    }
  }
`
