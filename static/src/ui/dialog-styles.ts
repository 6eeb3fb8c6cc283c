/** Styles of the page's dialogs. */

import { css } from 'lit'

export const dialogs = css`
  dialog {
    width: min(520px, calc(100vw - 32px));
    max-height: calc(100vh - 48px);
    padding: 18px 22px 20px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--card);
    color: var(--ink);
    box-shadow: var(--shadow);
    font: 14.5px/1.5 var(--sans);
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }

  dialog header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-bottom: 10px;
  }

  dialog h2 {
    margin: 0;
    font-size: 17px;
  }
`
