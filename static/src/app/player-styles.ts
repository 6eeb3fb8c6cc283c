/** The layout of the player: a title, the stage with the inspector beside it, the timeline. */

import { css } from 'lit'

export const layout = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    grid-template-columns: minmax(0, 1fr);
    height: 100%;
    overflow: hidden;
    background: var(--stage);
    color: var(--ink);
    font: 14px / 1.45 var(--sans);
  }

  header {
    display: flex;
    gap: 12px;
    align-items: center;
    min-height: 44px;
    padding: 4px 16px;
    border-bottom: 1px solid var(--line);
    background: var(--panel);
  }

  .logo {
    color: var(--ink);
    font-size: 17px;
    font-weight: 700;
  }

  .logo span {
    color: var(--gradient);
  }

  h1 {
    flex: 1;
    min-width: 0;
    margin: 0;
    overflow: hidden;
    font-size: 15px;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .keys {
    color: var(--muted);
    font-size: 13px;
    white-space: nowrap;
  }

  .square {
    justify-content: center;
    width: 36px;
    padding: 0;
  }

  a.button {
    text-decoration: none;
  }

  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }

  main {
    display: grid;
    grid-template-columns: 310px minmax(0, 1fr) 300px;
    grid-template-rows: minmax(0, 1fr);
    min-height: 0;
  }

  main.alone {
    grid-template-columns: minmax(0, 1fr);
  }

  .stage {
    position: relative;
    min-width: 0;
  }

  gw-listing {
    border-right: 1px solid var(--line);
  }

  aside {
    overflow: auto;
    border-left: 1px solid var(--line);
    background: var(--panel);
  }

  footer {
    border-top: 1px solid var(--line);
    background: var(--panel);
  }

  @media (max-width: 1199px) {
    main:not(.alone) {
      grid-template-columns: minmax(0, 1fr) 300px;
    }

    gw-listing {
      display: none;
    }
  }

  @media (max-width: 899px) {
    .keys {
      display: none;
    }

    main:not(.alone) {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(320px, 1fr) auto;
      overflow: auto;
    }

    aside {
      border-top: 1px solid var(--line);
      border-left: 0;
    }
  }

  /* In a small frame every line counts. */
  @media (max-height: 420px) {
    header {
      min-height: 36px;
      padding: 1px 12px;
    }
  }
`
