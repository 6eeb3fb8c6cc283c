/** Styles of a comparison: its bar, the two stages, the two sentences. */

import { css } from 'lit'

export const viewStyles = css`
  :host {
    position: absolute;
    inset: 0;
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    grid-template-columns: minmax(0, 1fr);
  }

  header {
    position: relative;
    display: flex;
    align-items: center;
    grid-row: 1;
    gap: 8px;
    min-height: 32px;
    padding: 2px 12px;
    border-bottom: 1px solid var(--line);
    background: var(--panel);
  }

  header .button {
    height: 26px;
    padding: 0 10px;
  }

  .remarks {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    gap: 0 14px;
    min-width: 0;
    font-size: 13.5px;
  }

  .muted {
    color: var(--muted);
  }

  /* Over the pictures: they must not move for it. */
  gw-changes {
    position: absolute;
    z-index: 3;
    top: 100%;
    right: 0;
    left: 0;
    box-shadow: var(--shadow);
  }

  .stages {
    display: grid;
    grid-row: 2;
    min-height: 0;
  }

  .stages.beside {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }

  .stages.above {
    grid-template-rows: repeat(2, minmax(0, 1fr));
  }

  .half {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }

  .beside .half + .half {
    border-left: 1px solid var(--line-strong);
  }

  .above .half + .half {
    border-top: 1px solid var(--line-strong);
  }

  h3 {
    display: flex;
    gap: 6px;
    align-items: baseline;
    height: 24px;
    margin: 0;
    padding: 2px 12px 0;
    overflow: hidden;
    font-size: 15px;
    line-height: 22px;
    font-weight: 500;
    white-space: nowrap;
  }

  h3 b {
    padding: 0 7px;
    border-radius: 5px;
    background: var(--strong);
    color: var(--on-strong);
  }

  .half + .half h3 b {
    background: transparent;
    color: var(--ink);
    box-shadow: inset 0 0 0 2px var(--ink);
  }

  .still {
    overflow: hidden;
    color: var(--muted);
    font-size: 13.5px;
    text-overflow: ellipsis;
  }

  .gone {
    display: grid;
    margin: 0;
    padding: 24px;
    place-content: center;
    color: var(--ink);
    font-size: 17px;
    text-align: center;
    overflow-wrap: anywhere;
  }

  /* Three lines are kept free: the pictures must not jump when a sentence is longer. */
  .sentences {
    display: grid;
    grid-row: 3;
    grid-template-rows: auto auto;
    gap: 3px;
    align-content: end;
    height: 92px;
    padding: 2px 10px 6px;
    overflow-y: auto;
  }

  gw-narration {
    padding: 2px 12px;
    font-size: 15.5px;
    line-height: 21px;
    box-shadow: none;
  }

  /* At 200 % there is no room for all of it at once: it scrolls. */
  @media (max-height: 480px) {
    :host {
      overflow-y: auto;
      grid-template-rows: auto minmax(230px, 1fr) auto;
    }
  }

  @media (max-width: 899px) {
    header {
      flex-wrap: wrap;
    }

    .remarks {
      flex-basis: 100%;
    }
  }
`
