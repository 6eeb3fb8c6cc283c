/** Styles that several elements share: buttons, fields, headings. Constructed sheets, as the page's CSP asks for. */

import { css } from 'lit'

export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }

  .button {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    height: 33px;
    padding: 0 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    color: var(--ink);
    cursor: pointer;
    white-space: nowrap;
  }

  @media (pointer: coarse) {
    .button {
      height: 44px;
    }
  }

  .button:hover {
    background: var(--hover);
  }

  .button[aria-pressed='true'],
  .button[aria-expanded='true'] {
    border-color: var(--line-strong);
    background: var(--hover);
  }

  .button.strong {
    border-color: var(--strong);
    background: var(--strong);
    color: var(--on-strong);
    font-weight: 600;
  }

  .button:disabled {
    opacity: 0.55;
    cursor: default;
  }

  .link {
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    text-decoration: underline;
    text-decoration-color: var(--line-strong);
    text-underline-offset: 2px;
    cursor: pointer;
  }

  .link:hover {
    text-decoration-color: currentcolor;
  }

  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }

  kbd {
    padding: 1px 6px;
    border: 1px solid var(--line);
    border-bottom-width: 2px;
    border-radius: 5px;
    background: var(--room);
    font: 12px var(--mono);
    white-space: nowrap;
  }
`

export const cards = css`
  .card {
    padding: 10px 12px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--card);
  }

  .card.gradient {
    border-color: transparent;
    background: var(--gradient-tint);
  }

  .card.update {
    border-color: transparent;
    background: var(--update-tint);
  }

  .card.error {
    border-color: transparent;
    background: var(--error-tint);
  }

  .card h3,
  .caption {
    margin: 0 0 4px;
    color: var(--muted);
    font-size: 11px;
    font-weight: 400;
    letter-spacing: 0.06em;
    text-transform: uppercase;
  }

  .value {
    color: var(--value);
  }

  .grad {
    color: var(--gradient);
  }

  .upd {
    color: var(--update);
  }

  .muted {
    color: var(--muted);
  }
`

/** Text for screen readers only. */
export const unseen = css`
  .unseen {
    position: absolute;
    overflow: hidden;
    width: 1px;
    height: 1px;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`
