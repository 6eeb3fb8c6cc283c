/** Styles of a lesson in the side panel: the current stop is marked, the way on is always in sight. */

import { css } from 'lit'

export const panelStyles = css`
  :host {
    display: flex;
    position: relative;
    flex-direction: column;
    min-height: calc(100% - 38px);
    font-size: 14.5px;
    line-height: 1.55;
  }

  article {
    flex: 1;
    padding: 8px 0;
  }

  section {
    padding: 8px 14px 2px 13px;
    border-left: 4px solid transparent;
  }

  .current {
    border-left-color: var(--value-fill);
    background: var(--value-tint);
  }

  h2,
  h3 {
    margin: 0.2em 0 0.4em;
    font-size: 15px;
    line-height: 1.3;
  }

  h2 {
    font-size: 17px;
  }

  .text h3,
  .text h4 {
    font-size: 14.5px;
  }

  .title {
    display: flex;
    gap: 8px;
    align-items: baseline;
    width: 100%;
    min-height: 28px;
    padding: 2px 0;
    border: 0;
    border-radius: 4px;
    background: none;
    font-weight: 600;
    line-height: 1.3;
    text-align: left;
    cursor: pointer;
  }

  .title:hover span:last-child {
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .number {
    flex: none;
    min-width: 24px;
    padding: 1px 0;
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    color: var(--muted);
    font-size: 12.5px;
    text-align: center;
  }

  .current .number {
    border-color: var(--value);
    background: var(--card);
    color: var(--value);
  }

  .text {
    overflow-wrap: break-word;
  }

  .aside {
    padding: 8px 10px;
    border: 1px dashed var(--line-strong);
    border-radius: var(--radius);
    background: var(--card);
    font-size: 13.5px;
  }

  .aside .button {
    display: flex;
    margin-top: 6px;
  }

  .showing {
    color: var(--muted);
    font-size: 13.5px;
  }

  .then .on {
    margin-bottom: 4px;
    /* what is scrolled to must not end under the buttons at the bottom */
    scroll-margin-bottom: 72px;
  }

  .done {
    color: var(--good);
  }

  .next {
    height: auto;
    min-height: 33px;
    margin: 4px 0 12px;
    padding: 6px 12px;
    white-space: normal;
    text-align: left;
  }

  nav {
    display: flex;
    position: sticky;
    z-index: 2;
    bottom: 0;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    padding: 8px 14px;
    border-top: 1px solid var(--line);
    background: var(--panel);
  }

  .at {
    font-size: 13.5px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  /* under the picture of a phone the text has the room */
  @media (max-width: 899px) {
    nav {
      padding: 4px 14px;
    }
  }

  @media (pointer: coarse) {
    .title {
      min-height: 44px;
      align-items: center;
    }
  }
`
