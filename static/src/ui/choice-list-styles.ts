/** The styles of a dialog with a field and the list of what was found. */

import { css } from 'lit'

export const choices = css`
  input {
    width: 100%;
    height: 40px;
    padding: 0 12px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--stage);
    font-size: 16px;
  }

  ul {
    max-height: 50vh;
    margin: 10px 0 0;
    padding: 0;
    overflow: auto;
    list-style: none;
  }

  li {
    display: flex;
    gap: 12px;
    padding: 6px 12px;
    border-radius: 7px;
    cursor: pointer;
  }

  li[aria-selected='true'] {
    background: var(--value-tint);
  }

  b {
    flex: 1;
    overflow-wrap: anywhere;
    font-weight: 600;
  }

  small,
  p {
    color: var(--muted);
    font-size: 13px;
  }
`
